// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/playback.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/units.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using sink::Playback;

namespace {

constexpr std::size_t kFade_frames = 240;  // 5 ms

std::vector<float> ones(std::size_t frames) {
  return std::vector<float>(frames * kAudioChannels, 1.0F);
}

std::vector<float> fetch(Playback& playback, std::size_t frames) {
  std::vector<float> out(frames * kAudioChannels, 77.0F);
  playback.fetch(out);
  return out;
}

/// The largest step between two neighbouring samples of the left channel, which begins at `before`.
float largest_step(const std::vector<float>& audio, float before) {
  float largest = 0;
  for (std::size_t i = 0; i < audio.size(); i += kAudioChannels) {
    largest = std::max(largest, std::abs(audio[i] - before));
    before = audio[i];
  }
  return largest;
}

/// Full scale in 5 ms is 1/240 a frame; twice that is still far from a click.
constexpr float kNoClick = 2.0F / static_cast<float>(kFade_frames);

}  // namespace

TEST_CASE("a card that fetches before there is audio gets silence, and that is no underrun") {
  Playback playback(1024);
  CHECK(fetch(playback, 100) == std::vector<float>(200, 0.0F));
  CHECK(playback.underruns() == 0);
  CHECK(playback.fetches() == 1);
}

TEST_CASE("audio fades in within 5 ms and is then untouched") {
  Playback playback(4096);
  REQUIRE(playback.write(ones(1000)) == 2000);
  const std::vector<float> audio = fetch(playback, 1000);
  CHECK(audio.front() == 0);
  CHECK(largest_step(audio, 0) < kNoClick);
  CHECK(std::all_of(audio.begin() + 2 * (kFade_frames + 1), audio.end(), [](float s) { return s == 1; }));
}

TEST_CASE("both channels of a frame have the same gain") {
  Playback playback(4096);
  playback.write(ones(1000));
  const std::vector<float> audio = fetch(playback, 500);
  for (std::size_t i = 0; i < audio.size(); i += 2) REQUIRE(audio[i] == audio[i + 1]);
}

TEST_CASE("the fade does not depend on how much the card fetches at once") {
  Playback whole(4096);
  Playback pieces(4096);
  whole.write(ones(1000));
  pieces.write(ones(1000));
  std::vector<float> joined;
  for (int i = 0; i < 20; ++i) {
    const std::vector<float> piece = fetch(pieces, 50);
    joined.insert(joined.end(), piece.begin(), piece.end());
  }
  CHECK(joined == fetch(whole, 1000));
}

TEST_CASE("an underrun is counted once and breaks off and begins again without a click") {
  Playback playback(4096);
  playback.write(ones(1000));
  std::vector<float> heard = fetch(playback, 700);
  for (int i = 0; i < 3; ++i) {
    const std::vector<float> next = fetch(playback, 700);
    heard.insert(heard.end(), next.begin(), next.end());
  }
  CHECK(playback.underruns() == 1);
  playback.write(ones(1000));
  const std::vector<float> again = fetch(playback, 700);
  heard.insert(heard.end(), again.begin(), again.end());
  CHECK(largest_step(heard, 0) < kNoClick);
  CHECK(heard.back() == 1);
}

TEST_CASE("running empty at the end is no underrun") {
  Playback playback(4096);
  playback.write(ones(1000));
  playback.expect_end();
  const std::vector<float> heard = fetch(playback, 1500);
  CHECK(playback.underruns() == 0);
  CHECK(largest_step(heard, 0) < kNoClick);
}

TEST_CASE("fading out ends in silence within 5 ms, whatever the ring still holds") {
  Playback playback(8192);
  playback.write(ones(3000));
  REQUIRE(fetch(playback, 1000).back() == 1);
  playback.fade_out();
  const std::vector<float> heard = fetch(playback, 1000);
  CHECK(largest_step(heard, 1) < kNoClick);
  CHECK(std::all_of(heard.begin() + 2 * (kFade_frames + 1), heard.end(), [](float s) { return s == 0; }));
  CHECK(fetch(playback, 1000).front() == 0);
  CHECK(playback.underruns() == 0);
}

TEST_CASE("more than the ring holds is not taken") {
  Playback playback(1024);
  CHECK(playback.write(ones(1000)) == 1024);
  CHECK(playback.space() == 0);
  fetch(playback, 100);
  CHECK(playback.space() == 200);
}

TEST_CASE("silence behind the last audio is counted, that of a fade too") {
  Playback ended(4096);
  ended.write(ones(1000));
  fetch(ended, 900);
  CHECK(ended.silent_frames() == 0);
  fetch(ended, 300);
  CHECK(ended.silent_frames() == 200);
  fetch(ended, 300);
  CHECK(ended.silent_frames() == 500);

  Playback faded(8192);
  faded.write(ones(3000));
  fetch(faded, 1000);
  faded.fade_out();
  fetch(faded, 300);  // the fade is in it
  CHECK(faded.silent_frames() == 0);
  fetch(faded, 300);
  CHECK(faded.silent_frames() == 300);
}
