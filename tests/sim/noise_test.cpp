// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/noise.hpp"

#include <cmath>
#include <vector>

#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::sim::GaussianNoise;

namespace {

constexpr std::size_t kCount = 1'000'000;

struct Noise {
  explicit Noise(std::uint64_t seed) : i(kCount), q(kCount) { GaussianNoise(seed, 0.5F).add_to(i, q); }
  std::vector<float> i;
  std::vector<float> q;
};

/// Mean of a product over the samples, in units of its value for variance 1.
template <class Product>
double mean(std::size_t count, Product product) {
  double sum = 0;
  for (std::size_t n = 0; n < count; ++n) sum += product(n);
  return sum / static_cast<double>(count);
}

}  // namespace

TEST_CASE("the noise has the moments of a Gaussian") {
  const Noise noise(1);
  // Standard errors of a million samples are sqrt(moment of twice the order / 1e6).
  for (const auto* signal : {&noise.i, &noise.q}) {
    const auto x = [&](std::size_t n) { return static_cast<double>((*signal)[n]) / 0.5; };
    CHECK_THAT(mean(kCount, x), WithinAbs(0, 5e-3));
    CHECK_THAT(mean(kCount, [&](std::size_t n) { return x(n) * x(n); }), WithinAbs(1, 7e-3));
    CHECK_THAT(mean(kCount, [&](std::size_t n) { return std::pow(x(n), 3); }), WithinAbs(0, 0.02));
    CHECK_THAT(mean(kCount, [&](std::size_t n) { return std::pow(x(n), 4); }), WithinAbs(3, 0.05));
    CHECK_THAT(mean(kCount, [&](std::size_t n) { return std::abs(x(n)) > 3 ? 1.0 : 0.0; }),
               WithinAbs(2.70e-3, 0.26e-3));
  }
}

TEST_CASE("the noise is white, and independent on both components") {
  const Noise noise(2);
  const auto i = [&](std::size_t n) { return static_cast<double>(noise.i[n]) / 0.5; };
  const auto q = [&](std::size_t n) { return static_cast<double>(noise.q[n]) / 0.5; };
  CHECK_THAT(mean(kCount, [&](std::size_t n) { return i(n) * q(n); }), WithinAbs(0, 5e-3));
  for (const std::size_t lag : {1U, 2U, 31U, 32U, 64U}) {
    CHECK_THAT(mean(kCount - lag, [&](std::size_t n) { return i(n) * i(n + lag); }), WithinAbs(0, 5e-3));
    CHECK_THAT(mean(kCount - lag, [&](std::size_t n) { return i(n) * q(n + lag); }), WithinAbs(0, 5e-3));
  }
}

TEST_CASE("a seed gives one noise") {
  CHECK(Noise(3).i == Noise(3).i);
  CHECK(Noise(3).i != Noise(4).i);
}
