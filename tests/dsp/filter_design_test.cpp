// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/filter_design.hpp"

#include <cmath>
#include <numbers>

#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using namespace fmrx::dsp;

TEST_CASE("a Kaiser low-pass keeps its mask") {
  const double attenuation_db = GENERATE(60.0, 80.0, 100.0);
  const LowPassMask mask{
      .rate_hz = 480e3, .pass_hz = 60e3, .stop_hz = 90e3, .attenuation_db = attenuation_db};
  const std::vector<double> taps = kaiser_low_pass(mask);
  const double error = std::pow(10.0, -attenuation_db / 20);
  CHECK(taps.size() % 2 == 1);
  for (double f_hz = 0; f_hz <= 60e3; f_hz += 250)
    CHECK_THAT(zero_phase_response(taps, f_hz, 480e3), WithinAbs(1, error));
  for (double f_hz = 90e3; f_hz <= 240e3; f_hz += 250)
    CHECK_THAT(zero_phase_response(taps, f_hz, 480e3), WithinAbs(0, error));
}

TEST_CASE("a linear-phase filter's response is its zero-phase response, delayed") {
  const std::vector<double> taps = {0.25, 0.5, 0.25};
  // cos^2(w/2) for a (1, 2, 1) / 4 filter.
  const double at_a_quarter = 0.5;
  CHECK_THAT(zero_phase_response(taps, 1, 4), WithinAbs(at_a_quarter, 1e-15));
  CHECK_THAT(std::abs(response(taps, 1, 4)), WithinAbs(at_a_quarter, 1e-15));
  CHECK_THAT(std::arg(response(taps, 1, 4)), WithinAbs(-std::numbers::pi / 2, 1e-15));
}

TEST_CASE("a least-squares design follows a complex response at any fraction of a sample") {
  const double fraction = GENERATE(0.0, 0.3, 1.0);
  constexpr double rate_hz = 96e3;
  constexpr std::size_t count = 168;
  const LeastSquaresDesign design({.rate_hz = rate_hz, .pass_hz = 15e3, .stop_hz = 18.4e3, .stop_weight = 4},
                                  count);
  const auto wanted = [](double f_hz) { return 1.0 / std::complex<double>(1, f_hz / 3183.1); };
  const double delay = (count - 1) / 2.0 + fraction;
  const std::vector<double> taps = design.taps(wanted, delay);
  for (double f_hz = 0; f_hz <= 15e3; f_hz += 100) {
    // The kernel correlates: tap k meets the sample k after the window's first.
    const std::complex<double> got = std::conj(response(taps, f_hz, rate_hz)) *
                                     std::polar(1.0, -2 * std::numbers::pi * f_hz / rate_hz * delay);
    INFO("f " << f_hz);
    CHECK(std::abs(got - wanted(f_hz)) < 1e-4);  // -80 dB: 0.001 dB where the gain is 1
  }
}
