// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/fm_modulator.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "sim/one_tone.hpp"
#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using namespace fmrx;
using namespace fmrx::sim;

namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;
constexpr std::array kRates{900'000U, 1'024'000U, 1'000'001U, 2'400'000U, 3'200'000U};

std::vector<std::complex<double>> modulate(const Station& station, Hertz offset, SampleRate rate,
                                           std::size_t blocks) {
  ModulatorClock clock(rate);
  FmModulator modulator(station, offset, clock, 0);
  std::vector<std::complex<double>> iq;
  for (std::size_t b = 0; b < blocks; ++b) {
    std::vector<float> i(clock.samples());
    std::vector<float> q(clock.samples());
    modulator.add_to(clock, i, q);
    for (std::size_t n = 0; n < i.size(); ++n)
      iq.emplace_back(static_cast<double>(i[n]), static_cast<double>(q[n]));
    clock.advance();
  }
  return iq;
}

/// What remains of a phase error after its mean and its part at one frequency.
struct Residue {
  double at_frequency;  ///< amplitude, rad
  double rms;           ///< of the rest, rad
};

/// The frequency must have a whole number of cycles in the errors.
Residue residue(const std::vector<double>& error_rad, double cycles_per_sample) {
  const auto count = static_cast<double>(error_rad.size());
  double mean = 0;
  std::complex<double> line = 0;
  for (std::size_t n = 0; n < error_rad.size(); ++n) {
    mean += error_rad[n] / count;
    line += error_rad[n] * std::polar(2 / count, -kTwoPi * cycles_per_sample * static_cast<double>(n));
  }
  double square = 0;
  for (std::size_t n = 0; n < error_rad.size(); ++n) {
    const auto tone = (line * std::polar(1.0, kTwoPi * cycles_per_sample * static_cast<double>(n))).real();
    square += std::pow(error_rad[n] - mean - tone, 2);
  }
  return {std::abs(line), std::sqrt(square / count)};
}

}  // namespace

TEST_CASE("an unmodulated carrier is one line") {
  const OneToneOfTest silence("-");
  for (const std::uint32_t rate : kRates) {
    const double offset_hz = 123'456.789;
    const auto iq =
        modulate(silence.station(Hertz(0), Decibels(-6), false), Hertz(offset_hz), SampleRate(rate), 50);
    const double amplitude = std::pow(10, -6 / 20.0);
    double worst = 0;
    for (std::size_t n = 0; n < iq.size(); ++n) {
      const double turns = std::remainder(offset_hz * static_cast<double>(n) / rate, 1.0);
      worst = std::max(worst, std::abs(iq[n] - std::polar(amplitude, kTwoPi * turns)));
    }
    // Rounding of the polynomials, about 2e-7: -130 dB.
    CHECK(worst / amplitude < 5e-7);
  }
}

TEST_CASE("pilot and carrier alone agree with the closed form") {
  const OneToneOfTest silence("-");
  for (const std::uint32_t rate : kRates) {
    const auto iq = modulate(silence.station(Hertz(0), Decibels(0), true), Hertz(0), SampleRate(rate), 50);
    const auto start = rate / 1000;  // what was before the switching on is heard for 40 us
    double worst = 0;
    std::complex<double> turn = 0;
    for (std::size_t n = start; n < iq.size(); ++n) {
      // Phase: the integral of 2 pi 6.75 kHz sin wt.
      const double pilot_rad = kTwoPi * std::remainder(19'000.0 * static_cast<double>(n) / rate, 1.0);
      const auto ideal = std::polar(1.0, -kPilotDeviation_Hz / 19'000 * std::cos(pilot_rad));
      if (n == start) turn = iq[n] * std::conj(ideal) / std::abs(iq[n]);
      worst = std::max(worst, std::abs(iq[n] - turn * ideal));
    }
    CHECK(worst < 3e-6);  // -110 dB
  }
}

TEST_CASE("a tone of full deviation has no spurious lines above -100 dB") {
  // Amplitudes that give 70 kHz of deviation after pre-emphasis.
  for (const double tone_hz : {400.0, 1'000.0, 5'000.0, 10'000.0, 14'000.0}) {
    const double emphasis = std::abs(std::complex<double>(1, kTwoPi * tone_hz * 50e-6));
    const double amplitude = 70.0 / 75 / emphasis;
    const std::string notes = std::to_string(static_cast<int>(tone_hz)) + ":100";
    // A pan of 0 gives each channel sqrt(1/2) of it.
    const OneToneOfTest tone(notes, static_cast<float>(amplitude * std::numbers::sqrt2));
    const SampleRate rate(960'000);
    const auto iq = modulate(tone.station(Hertz(0), Decibels(0), false), Hertz(200'000), rate, 900);

    const double index_rad = 70'000 / tone_hz;
    const double phase_lead = std::atan(kTwoPi * tone_hz * 50e-6);
    const std::size_t start = std::size_t{rate.value()} / 1000 * 850;  // the fade ends at 750 ms
    std::vector<double> error_rad;
    for (std::size_t n = start; n < start + 48'000; ++n) {
      const double time_s = static_cast<double>(n) / rate.hz();
      // The tone begins where the silence ends. Its integral is a negative cosine.
      const double tone_rad =
          kTwoPi * tone_hz * (time_s - Programme::kSilence / kAudioRate.hz()) + phase_lead;
      const double carrier_rad = kTwoPi * std::remainder(200'000 * time_s, 1.0);
      const auto ideal = std::polar(1.0, carrier_rad - index_rad * std::cos(tone_rad));
      error_rad.push_back(std::arg(iq[n] * std::conj(ideal)));
    }
    // The constant phase depends on the fade; bring it near zero before the mean.
    const double constant = error_rad.front();
    for (double& error : error_rad) error = std::remainder(error - constant, kTwoPi);
    const Residue left = residue(error_rad, tone_hz / rate.hz());
    CAPTURE(tone_hz, left.at_frequency, left.rms);
    CHECK(left.at_frequency / index_rad < 1e-5);  // gain and phase of the modulation
    CHECK(left.rms < 1.4e-5);                     // all other lines together -100 dB
  }
}

TEST_CASE("the clock of the modulator loses no sample") {
  for (const std::uint32_t rate : kRates) {
    ModulatorClock clock{SampleRate(rate)};
    std::uint64_t samples = 0;
    for (int block = 0; block < 1000; ++block) {
      CHECK(clock.first_sample() == samples);
      REQUIRE(clock.samples() <= clock.max_samples());
      samples += clock.samples();
      clock.advance();
    }
    CHECK(samples == rate);  // a thousand blocks are one second
  }
}
