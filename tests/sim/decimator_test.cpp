// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/decimator.hpp"

#include <cmath>
#include <numbers>

#include "support/catch2.hpp"

using fmrx::sim::Decimator;

namespace {

constexpr unsigned kFactor = 4;

/// Decimates a cosine of so many cycles per output sample; the output once it is
/// steady.
std::vector<float> decimated_cosine(double cycles) {
  std::vector<float> input(kFactor * 400);
  for (std::size_t i = 0; i < input.size(); ++i) {
    input[i] = static_cast<float>(
        std::cos(2 * std::numbers::pi * cycles * static_cast<double>(i) / static_cast<double>(kFactor)));
  }
  Decimator decimator(kFactor, input.size());
  decimator.push(input);
  std::vector<float> out(decimator.available());
  decimator.pull(out);
  return out;
}

}  // namespace

TEST_CASE("the decimator is flat and without delay up to 0.45 of the rate") {
  for (const double cycles : {0.0, 0.1, 0.3, 0.45}) {
    const auto out = decimated_cosine(cycles);
    REQUIRE(out.size() > 300);
    double worst = 0;
    for (std::size_t k = 50; k < out.size(); ++k) {
      const double expected = std::cos(2 * std::numbers::pi * cycles * static_cast<double>(k));
      worst = std::max(worst, std::abs(static_cast<double>(out[k]) - expected));
    }
    CHECK(worst < 1e-5);  // -100 dB
  }
}

TEST_CASE("the decimator lets nothing pass from 0.55 of the rate") {
  for (const double cycles : {0.55, 0.6, 0.83, 1.0, 1.3, 1.9}) {
    const auto out = decimated_cosine(cycles);
    double worst = 0;
    for (std::size_t k = 50; k < out.size(); ++k)
      worst = std::max(worst, std::abs(static_cast<double>(out[k])));
    CHECK(worst < 1e-5);  // -100 dB
  }
}

TEST_CASE("decimating piece by piece is the same as at once") {
  std::vector<float> input(2'000);
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i * i % 1009) / 1009;
  Decimator whole(kFactor, input.size());
  whole.push(input);
  std::vector<float> expected(whole.available());
  whole.pull(expected);

  Decimator pieces(kFactor, 7);
  std::vector<float> out;
  for (std::size_t i = 0; i < input.size(); i += 7) {
    pieces.push(std::span(input).subspan(i, std::min<std::size_t>(7, input.size() - i)));
    std::vector<float> ready(pieces.available());
    pieces.pull(ready);
    out.insert(out.end(), ready.begin(), ready.end());
  }
  CHECK(out == expected);
}
