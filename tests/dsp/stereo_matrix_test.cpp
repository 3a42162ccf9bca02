// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/stereo_matrix.hpp"

#include <cmath>
#include <numbers>

#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::Decibels;
using namespace fmrx::dsp;

TEST_CASE("left is sum plus difference, right is sum minus difference, at the volume asked") {
  StereoMatrix matrix(Decibels(-6.0206), 0);
  std::vector<float> sum, difference;
  for (int n = 0; n < 96'000; ++n) {
    sum.push_back(0.5F * std::sin(2 * std::numbers::pi_v<float> * static_cast<float>(n % 48) / 48));
    difference.push_back(0.5F * sum.back());
  }
  std::vector<float> out(192'000);
  matrix.process({sum, difference}, out.data());
  // What is left of a 1 kHz tone in the mean after two seconds is far below this.
  for (std::size_t n = 90'000; n < 96'000; ++n) {
    CHECK_THAT(static_cast<double>(out[2 * n]), WithinAbs(0.75 * static_cast<double>(sum[n]), 5e-4));
    CHECK_THAT(static_cast<double>(out[2 * n + 1]), WithinAbs(0.25 * static_cast<double>(sum[n]), 5e-4));
  }
}

TEST_CASE("audio starts after the filters have filled, without a click") {
  StereoMatrix matrix(Decibels(0), 200);
  std::vector<float> sum(1000);
  for (std::size_t n = 0; n < sum.size(); ++n) sum[n] = n % 2 == 0 ? 1.0F : -1.0F;
  const std::vector<float> difference(1000, 0.0F);
  std::vector<float> out(2 * sum.size());
  matrix.process({sum, difference}, out.data());
  for (std::size_t n = 0; n < 240; ++n) CHECK(out[2 * n] == 0.0F);
  for (std::size_t n = 242; n < 768; ++n) {
    // A raised cosine of 480 frames rises by at most pi / 480 in two frames, of the
    // same sign here; the mean settles beside it.
    const double envelope_step =
        std::fabs(static_cast<double>(out[2 * n]) - static_cast<double>(out[2 * n - 4]));
    CHECK(envelope_step < 0.01);
  }
  CHECK_THAT(std::fabs(static_cast<double>(out[2 * 780])), WithinAbs(1, 0.02));  // the mean, after 10 ms
}

TEST_CASE("a carrier offset puts no direct voltage into the audio") {
  StereoMatrix matrix(Decibels(0), 0);
  const std::vector<float> sum(48'000, 0.133F);  // 10 kHz
  const std::vector<float> difference(48'000, 0.0F);
  std::vector<float> out(2 * sum.size());
  matrix.process({sum, difference}, out.data());
  for (const float x : out) CHECK(std::fabs(x) < 1e-6F);
  CHECK_THAT(matrix.mean(), WithinAbs(0.133, 1e-6));
}
