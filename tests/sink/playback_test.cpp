// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/playback.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
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
  playback.fetch(out, {}, {});
  return out;
}

/// Writes, and begins to play.
void play(Playback& playback, const std::vector<float>& samples) {
  playback.write(samples);
  playback.begin();
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
  const auto playback_owner = std::make_unique<Playback>();
  Playback& playback = *playback_owner;
  CHECK(fetch(playback, 100) == std::vector<float>(200, 0.0F));
  CHECK(playback.underruns() == 0);
  CHECK(playback.fetches() == 1);
}

TEST_CASE("audio fades in within 5 ms and is then untouched") {
  const auto playback_owner = std::make_unique<Playback>();
  Playback& playback = *playback_owner;
  play(playback, ones(1000));
  const std::vector<float> audio = fetch(playback, 1000);
  CHECK(audio.front() == 0);
  CHECK(largest_step(audio, 0) < kNoClick);
  CHECK(std::all_of(audio.begin() + 2 * (kFade_frames + 1), audio.end(), [](float s) { return s == 1; }));
}

TEST_CASE("both channels of a frame have the same gain") {
  const auto playback_owner = std::make_unique<Playback>();
  Playback& playback = *playback_owner;
  play(playback, ones(1000));
  const std::vector<float> audio = fetch(playback, 500);
  for (std::size_t i = 0; i < audio.size(); i += 2) REQUIRE(audio[i] == audio[i + 1]);
}

TEST_CASE("the fade does not depend on how much the card fetches at once") {
  const auto whole_owner = std::make_unique<Playback>();
  Playback& whole = *whole_owner;
  const auto pieces_owner = std::make_unique<Playback>();
  Playback& pieces = *pieces_owner;
  play(whole, ones(1000));
  play(pieces, ones(1000));
  std::vector<float> joined;
  for (int i = 0; i < 20; ++i) {
    const std::vector<float> piece = fetch(pieces, 50);
    joined.insert(joined.end(), piece.begin(), piece.end());
  }
  CHECK(joined == fetch(whole, 1000));
}

TEST_CASE("an underrun is counted once and breaks off and begins again without a click") {
  const auto playback_owner = std::make_unique<Playback>();
  Playback& playback = *playback_owner;
  play(playback, ones(1000));
  std::vector<float> heard = fetch(playback, 700);
  for (int i = 0; i < 3; ++i) {
    const std::vector<float> next = fetch(playback, 700);
    heard.insert(heard.end(), next.begin(), next.end());
  }
  CHECK(playback.underruns() == 1);
  play(playback, ones(1000));
  const std::vector<float> again = fetch(playback, 700);
  heard.insert(heard.end(), again.begin(), again.end());
  CHECK(largest_step(heard, 0) < kNoClick);
  CHECK(heard.back() == 1);
}

TEST_CASE("running empty at the end is no underrun") {
  const auto playback_owner = std::make_unique<Playback>();
  Playback& playback = *playback_owner;
  play(playback, ones(1000));
  playback.expect_end();
  const std::vector<float> heard = fetch(playback, 1500);
  CHECK(playback.underruns() == 0);
  CHECK(largest_step(heard, 0) < kNoClick);
}

TEST_CASE("fading out ends in silence within 5 ms, whatever the ring still holds") {
  const auto playback_owner = std::make_unique<Playback>();
  Playback& playback = *playback_owner;
  play(playback, ones(3000));
  REQUIRE(fetch(playback, 1000).back() == 1);
  playback.fade_out();
  const std::vector<float> heard = fetch(playback, 1000);
  CHECK(largest_step(heard, 1) < kNoClick);
  CHECK(std::all_of(heard.begin() + 2 * (kFade_frames + 1), heard.end(), [](float s) { return s == 0; }));
  CHECK(fetch(playback, 1000).front() == 0);
  CHECK(playback.underruns() == 0);
}

TEST_CASE("more than the ring holds is not taken") {
  const auto playback = std::make_unique<Playback>();
  const std::size_t room = Playback::kCapacity_samples;
  CHECK(playback->write(std::vector<float>(room + 10)) == room);
  CHECK(playback->space() == 0);
  playback->begin();
  fetch(*playback, 100);
  CHECK(playback->space() == 200);
}

TEST_CASE("the card plays silence until it is told to begin") {
  const auto playback = std::make_unique<Playback>();
  playback->write(ones(1000));
  CHECK(playback->holds());
  CHECK(fetch(*playback, 300) == std::vector<float>(600, 0.0F));
  CHECK(playback->size() == 2000);
  playback->begin();
  CHECK(fetch(*playback, 300).back() == 1);
  CHECK_FALSE(playback->holds());
}

TEST_CASE("audio begins with the frame of the card that the lag names") {
  // Frame n of the ring becomes the card's frame n + 1234, whatever the card fetches at once.
  for (const std::size_t size : {1'000U, 64U, 1'234U, 617U}) {
    const auto playback = std::make_unique<Playback>();
    playback->write(ones(4'000));
    playback->begin_with_lag(1'234);
    std::vector<float> heard;
    while (heard.size() < 2 * 3'000) {
      const std::vector<float> piece = fetch(*playback, size);
      heard.insert(heard.end(), piece.begin(), piece.end());
    }
    // The first frame is faded to nothing, the second is not.
    const auto first = std::find_if(heard.begin(), heard.end(), [](float s) { return s != 0; });
    CHECK((first - heard.begin()) / 2 == 1'235);
  }
}

TEST_CASE("what is written too late for the lag is left out") {
  const auto playback = std::make_unique<Playback>();
  fetch(*playback, 2'000);
  playback->begin_with_lag(500);  // the card's frame 2000 is the ring's frame 1500
  playback->write(ones(1'000));
  CHECK(fetch(*playback, 100) == std::vector<float>(200, 0.0F));
  CHECK(playback->holds());
  playback->write(ones(3'000));  // by now, frame 1600
  fetch(*playback, 100);
  CHECK_FALSE(playback->holds());
  CHECK(playback->size() == 2 * (4'000 - 1'700));
  CHECK(playback->underruns() == 0);
}

TEST_CASE("after an underrun the card holds until it is told to begin again") {
  const auto playback = std::make_unique<Playback>();
  play(*playback, ones(500));
  fetch(*playback, 600);
  CHECK(playback->underruns() == 1);
  CHECK(playback->holds());
  playback->write(ones(500));
  CHECK(fetch(*playback, 100) == std::vector<float>(200, 0.0F));
  CHECK(playback->underruns() == 1);
}

TEST_CASE("each fetch is noted: when, how much before it, and how far the audio lags") {
  const auto playback = std::make_unique<Playback>();
  playback->write(ones(2'000));
  playback->begin_with_lag(150);
  std::vector<float> out(2 * 100);
  for (int i = 0; i < 4; ++i) {
    playback->fetch(out, std::chrono::steady_clock::time_point(std::chrono::milliseconds(i)),
                    std::chrono::microseconds(25'000 + i));
  }
  sink::Fetch note{};
  for (int i = 0; i < 4; ++i) {
    REQUIRE(playback->read_note(note));
    CHECK(note.time_ns == i * 1'000'000);
    CHECK(note.latency_ns == 25'000'000 + i * 1'000);
    CHECK(note.demanded == i * 100);
    CHECK(note.frames == 100);
    CHECK(note.playing == (i >= 2));
    if (note.playing) CHECK(note.lag == 150);
  }
  CHECK_FALSE(playback->read_note(note));
}

TEST_CASE("silence behind the last audio is counted, that of a fade too") {
  const auto ended_owner = std::make_unique<Playback>();
  Playback& ended = *ended_owner;
  play(ended, ones(1000));
  fetch(ended, 900);
  CHECK(ended.silent_frames() == 0);
  fetch(ended, 300);
  CHECK(ended.silent_frames() == 200);
  fetch(ended, 300);
  CHECK(ended.silent_frames() == 500);

  const auto faded_owner = std::make_unique<Playback>();
  Playback& faded = *faded_owner;
  play(faded, ones(3000));
  fetch(faded, 1000);
  faded.fade_out();
  fetch(faded, 300);  // the fade is in it
  CHECK(faded.silent_frames() == 0);
  fetch(faded, 300);
  CHECK(faded.silent_frames() == 300);
}
