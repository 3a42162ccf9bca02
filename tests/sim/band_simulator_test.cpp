// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/band_simulator.hpp"

#include <vector>

#include "base/error.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::sim;

namespace {

std::vector<std::complex<float>> samples(BandSimulator simulator, std::size_t count, std::size_t chunk) {
  std::vector<std::complex<float>> iq(count);
  for (std::size_t i = 0; i < count; i += chunk) {
    simulator.generate(std::span(iq).subspan(i, std::min(chunk, count - i)));
  }
  return iq;
}

}  // namespace

TEST_CASE("any chunking gives the same samples") {
  for (const std::uint32_t rate : {250'000U, 1'024'000U, 2'400'000U}) {
    const auto whole = samples(BandSimulator(SampleRate(rate), Hertz(92.7e6)), 30'000, 30'000);
    CHECK(samples(BandSimulator(SampleRate(rate), Hertz(92.7e6)), 30'000, 1) == whole);
    CHECK(samples(BandSimulator(SampleRate(rate), Hertz(92.7e6)), 30'000, 4'097) == whole);
  }
}

TEST_CASE("another seed is another noise") {
  const auto first = samples(BandSimulator(SampleRate(1'000'000), Hertz(92.7e6)), 1000, 1000);
  CHECK(samples(BandSimulator(SampleRate(1'000'000), Hertz(92.7e6), 1), 1000, 1000) != first);
}

TEST_CASE("a rate that cannot be simulated is refused") {
  CHECK_THROWS_AS(BandSimulator(SampleRate(100'000), Hertz(92.7e6)), Error);
}
