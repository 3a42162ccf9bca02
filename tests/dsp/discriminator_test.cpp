// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/discriminator.hpp"

#include <cmath>
#include <numbers>

#include "dsp/arctangent.hpp"
#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using namespace fmrx::dsp;
using std::numbers::pi;

TEST_CASE("the arctangent is within 3e-7 rad all around the circle, at any radius") {
  const float radius = GENERATE(1e-12F, 1e-3F, 1.0F, 1e6F);
  std::vector<float> y, x;
  for (int n = -20'000; n <= 20'000; ++n) {
    const double angle = pi * n / 20'000;
    y.push_back(radius * static_cast<float>(std::sin(angle)));
    x.push_back(radius * static_cast<float>(std::cos(angle)));
  }
  std::vector<float> angle(y.size());
  scaled_arctangent(y, x, 1.0F, angle);
  double worst = 0;
  for (std::size_t n = 0; n < y.size(); ++n) {
    const double expected = std::atan2(static_cast<double>(y[n]), static_cast<double>(x[n]));
    const double error = std::remainder(static_cast<double>(angle[n]) - expected, 2 * pi);
    worst = std::max(worst, std::fabs(error));
  }
  CHECK(worst <= 3e-7);
}

TEST_CASE("the arctangent of nothing is nothing") {
  const std::vector<float> zero = {0.0F, -0.0F};
  std::vector<float> angle(2, 1.0F);
  scaled_arctangent(zero, zero, 1.0F, angle);
  CHECK(angle[0] == 0.0F);
  CHECK(angle[1] == 0.0F);
}

TEST_CASE("a steady carrier 75 kHz off gives 1.0, on the other side -1.0") {
  const double side = GENERATE(1.0, -1.0);
  constexpr double rate_hz = 480e3;
  std::vector<float> re, im;
  for (int n = 0; n < 480; ++n) {
    re.push_back(static_cast<float>(0.3 * std::cos(2 * pi * 75e3 / rate_hz * n)));
    im.push_back(static_cast<float>(0.3 * side * std::sin(2 * pi * 75e3 / rate_hz * n)));
  }
  Discriminator discriminator(rate_hz, 480);
  const std::span<const float> out = discriminator.process({re, im});
  REQUIRE(out.size() == 480);
  CHECK(out[0] == 0.0F);  // there is no step before the first sample
  // 3e-7 rad of the arctangent and as much of the floats before it, of 0.98 rad.
  for (std::size_t n = 1; n < out.size(); ++n) CHECK_THAT(static_cast<double>(out[n]), WithinAbs(side, 6e-7));
}

TEST_CASE("silence and gaps in the carrier give finite numbers") {
  Discriminator discriminator(480e3, 8);
  const std::vector<float> re = {0, 0, 1, 0, 0, -1, 1, 0};
  const std::vector<float> im = {0, 0, 0, 0, 1, 0, 0, 0};
  for (const float f : discriminator.process({re, im})) CHECK(std::isfinite(f));
}

TEST_CASE("the mean over one sample droops as sinc") {
  CHECK(Discriminator::droop(0, 480e3) == 1.0);
  CHECK_THAT(Discriminator::droop(240e3, 480e3), WithinAbs(2 / pi, 1e-15));
}
