// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/discriminator.hpp"

#include <cmath>
#include <numbers>

#include "dsp/kernels/kernel_sets.hpp"
#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using namespace fmrx::dsp;
using std::numbers::pi;

TEST_CASE(
    "the arctangent is within 3e-7 rad all around the circle, at any radius, on every instruction set") {
  const float radius = GENERATE(1e-12F, 1e-3F, 1.0F, 1e6F);
  // A carrier of 1 before each sample: the step is the sample itself.
  constexpr int kPoints = 40'001;
  std::vector<float> re, im;
  for (int n = 0; n < kPoints; ++n) {
    const double angle = pi * (n - kPoints / 2) / (kPoints / 2);
    re.insert(re.end(), {1.0F, radius * static_cast<float>(std::cos(angle))});
    im.insert(im.end(), {0.0F, radius * static_cast<float>(std::sin(angle))});
  }
  re.resize(re.size() + kOutputSlack);
  im.resize(re.size());
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    std::vector<float> angle(re.size());
    kernels->discriminate(re.data(), im.data(), 2 * kPoints - 1, 1.0F, angle.data());
    double worst = 0;
    for (std::size_t n = 0; n < 2 * kPoints; n += 2) {
      const double expected = std::atan2(static_cast<double>(im[n + 1]), static_cast<double>(re[n + 1]));
      worst = std::max(worst, std::fabs(std::remainder(static_cast<double>(angle[n]) - expected, 2 * pi)));
    }
    CHECK(worst <= 3e-7);
  }
}

TEST_CASE("the angle of nothing is nothing") {
  const std::vector<float> zeros(2 + kOutputSlack, 0.0F);
  for (const Kernels* const kernels : available_kernels()) {
    std::vector<float> angle(kOutputSlack, 1.0F);
    kernels->discriminate(zeros.data(), zeros.data(), 2, 1.0F, angle.data());
    CHECK(angle[0] == 0.0F);
    CHECK(angle[1] == 0.0F);
  }
}

std::vector<float> discriminated(Discriminator& discriminator, std::vector<float> re, std::vector<float> im) {
  const std::size_t count = re.size();
  re.resize(count + kOutputSlack);
  im.resize(count + kOutputSlack);
  std::vector<float> out(count + kOutputSlack);
  discriminator.process({std::span(re).first(count), std::span(im).first(count)}, out.data());
  out.resize(count);
  return out;
}

TEST_CASE("a steady carrier 75 kHz off gives 1.0, on the other side -1.0") {
  const double side = GENERATE(1.0, -1.0);
  constexpr double rate_hz = 480e3;
  std::vector<float> re, im;
  for (int n = 0; n < 480; ++n) {
    re.push_back(static_cast<float>(0.3 * std::cos(2 * pi * 75e3 / rate_hz * n)));
    im.push_back(static_cast<float>(0.3 * side * std::sin(2 * pi * 75e3 / rate_hz * n)));
  }
  Discriminator discriminator(best_kernels(), rate_hz);
  const std::vector<float> out = discriminated(discriminator, re, im);
  REQUIRE(out.size() == 480);
  CHECK(out[0] == 0.0F);  // there is no step before the first sample
  // 3e-7 rad of the arctangent and as much of the floats before it, of 0.98 rad.
  for (std::size_t n = 1; n < out.size(); ++n) CHECK_THAT(static_cast<double>(out[n]), WithinAbs(side, 6e-7));
}

TEST_CASE("silence and gaps in the carrier give finite numbers") {
  Discriminator discriminator(best_kernels(), 480e3);
  const std::vector<float> re = {0, 0, 1, 0, 0, -1, 1, 0};
  const std::vector<float> im = {0, 0, 0, 0, 1, 0, 0, 0};
  for (const float f : discriminated(discriminator, re, im)) CHECK(std::isfinite(f));
}

TEST_CASE("the mean over one sample droops as sinc") {
  CHECK(Discriminator::droop(0, 480e3) == 1.0);
  CHECK_THAT(Discriminator::droop(240e3, 480e3), WithinAbs(2 / pi, 1e-15));
}
