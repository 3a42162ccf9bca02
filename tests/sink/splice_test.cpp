// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/splice.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/catch2.hpp"

using namespace fmrx;
using sink::Splice;

namespace {

/// Frame n has n on the left and -n on the right.
std::vector<float> ramp(std::size_t frames) {
  std::vector<float> samples;
  for (std::size_t n = 0; n < frames; ++n) {
    samples.push_back(static_cast<float>(n));
    samples.push_back(-static_cast<float>(n));
  }
  return samples;
}

std::vector<float> spliced(Splice& splice, const std::vector<float>& in, std::size_t block_frames) {
  std::vector<float> out;
  for (std::size_t at = 0; at < in.size(); at += 2 * block_frames) {
    const auto made = splice.process(std::span(in).subspan(at, std::min(2 * block_frames, in.size() - at)));
    out.insert(out.end(), made.begin(), made.end());
  }
  return out;
}

}  // namespace

TEST_CASE("without a splice audio is untouched") {
  Splice splice;
  CHECK(spliced(splice, ramp(5'000), 700) == ramp(5'000));
}

TEST_CASE("a splice leaves out as many frames as it was told, however the audio is cut") {
  for (const std::size_t left_out : {Splice::kFade_frames, std::size_t{1'000}, std::size_t{4'444}}) {
    std::vector<std::vector<float>> results;
    for (const std::size_t block : {std::size_t{10'000}, std::size_t{748}, std::size_t{13}}) {
      Splice splice;
      splice.leave_out(left_out);
      results.push_back(spliced(splice, ramp(10'000), block));
      CHECK(results.back().size() == 2 * (10'000 - left_out));
      CHECK(results.back() == results.front());
      // Behind the crossfade it is what came in, untouched.
      CHECK(results.back().back() == -9'999.0F);
      CHECK(results.back()[2 * Splice::kFade_frames] == static_cast<float>(Splice::kFade_frames + left_out));
    }
  }
}

TEST_CASE("a splice has no step larger than its crossfade makes") {
  Splice splice;
  splice.leave_out(2'400);
  const std::vector<float> out = spliced(splice, ramp(6'000), 748);
  // 2400 further within 240 frames, besides the ramp's own 1 a frame.
  for (std::size_t i = 2; i < out.size(); i += 2) REQUIRE(std::fabs(out[i] - out[i - 2]) < 12);
}

TEST_CASE("a splice is ignored while another one is made") {
  Splice splice;
  splice.leave_out(1'000);
  std::size_t frames = splice.process(ramp(500)).size() / 2;
  splice.leave_out(1'000);
  frames += splice.process(ramp(5'000)).size() / 2;
  CHECK(frames == 4'500);
}
