// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/band_simulator.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <iostream>
#include <numbers>
#include <vector>

#include "base/error.hpp"
#include "sim/one_tone.hpp"
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

TEST_CASE("the noise floor is -85 dBFS in 200 kHz at any rate") {
  for (const std::uint32_t rate : {240'000U, 1'024'000U, 3'200'000U}) {
    BandSimulator simulator(SampleRate(rate), Hertz(92.7e6), 0, {});
    std::vector<std::complex<float>> iq(200'000);
    simulator.generate(iq);
    double power = 0;
    for (const auto sample : iq)
      power += static_cast<double>(std::norm(sample)) / static_cast<double>(iq.size());
    // The standard error of 200,000 powers is 0.01 dB.
    CHECK_THAT(10 * std::log10(power * 200'000 / rate), Catch::Matchers::WithinAbs(-85, 0.05));
  }
}

TEST_CASE("a station has its level and its frequency at any rate") {
  const OneToneOfTest silence("-");
  const std::array band{silence.station(Hertz(92.75e6), Decibels(-6), false)};
  for (const std::uint32_t rate : {240'000U, 300'000U, 900'001U, 2'400'000U}) {
    BandSimulator simulator(SampleRate(rate), Hertz(92.7e6), 0, band);
    std::vector<std::complex<float>> iq(rate / 10);
    simulator.generate(iq);
    std::complex<double> line = 0;
    for (std::size_t n = 0; n < iq.size(); ++n) {
      const double turns = std::remainder(50'000.0 * static_cast<double>(n) / rate, 1.0);
      line += std::complex<double>(iq[n]) *
              std::polar(1.0 / static_cast<double>(iq.size()), -2 * std::numbers::pi * turns);
    }
    CHECK_THAT(20 * std::log10(std::abs(line)), Catch::Matchers::WithinAbs(-6, 0.02));
  }
}

TEST_CASE("stations outside the band are absent") {
  const auto stations = [](std::uint32_t rate, double centre_hz) {
    return BandSimulator(SampleRate(rate), Hertz(centre_hz)).stations();
  };
  CHECK(stations(240'000, 92.7e6) == 1);
  CHECK(stations(240'000, 97.3e6) == 2);    // a neighbour's side bands reach into it
  CHECK(stations(2'400'000, 92.7e6) == 3);  // 91.8, 92.7, 93.5
  CHECK(stations(2'400'000, 92.8e6) == 3);
  CHECK(stations(2'400'000, 93.0e6) == 2);  // 91.8 is at the very edge
  CHECK(stations(1'000'000, 94.4e6) == 0);
}

// Not a test: prints what docs/simulator.md states.
TEST_CASE("speed of the simulator", "[.speed]") {
  for (const std::uint32_t rate : {240'000U, 1'024'000U, 2'400'000U, 3'200'000U}) {
    BandSimulator simulator(SampleRate(rate), Hertz(92.7e6));
    std::vector<std::complex<float>> iq(rate / 10);
    const std::clock_t start = std::clock();
    for (int tenth = 0; tenth < 50; ++tenth) simulator.generate(iq);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::cout << rate << " S/s, " << simulator.stations() << " stations: " << 5 / seconds
              << " times real time\n";
  }
}
