// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/pilot_loop.hpp"

#include <cmath>
#include <numbers>
#include <random>

#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::dsp::PilotLoop;
using std::numbers::pi;

namespace {

constexpr double kRate_Hz = 4000;
constexpr double kAmplitude = 6750.0 / 75000;

/// A pilot `offset_hz` off, in noise; half its amplitude, as the loop gets it.
class Pilot {
 public:
  Pilot(double offset_hz, double noise_rms) : offset_hz_(offset_hz), noise_(0, noise_rms) {}

  std::complex<double> next(double amplitude = kAmplitude) {
    phase_rad_ = 1.0 + 2 * pi * offset_hz_ * n_++ / kRate_Hz;
    return std::polar(amplitude / 2, phase_rad_) + std::complex<double>(noise_(random_), noise_(random_));
  }
  [[nodiscard]] double phase_rad() const { return phase_rad_; }

 private:
  double offset_hz_;
  double phase_rad_ = 0;
  int n_ = 0;
  std::mt19937 random_{1};
  std::normal_distribution<double> noise_;
};

double error_rad(const PilotLoop& loop, const Pilot& pilot) {
  return std::fabs(std::remainder(std::arg(loop.phasor()) - pilot.phase_rad(), 2 * pi));
}

}  // namespace

TEST_CASE("the loop locks within 100 ms, even 4 Hz off") {
  const double offset_hz = GENERATE(0.0, 2.0, -4.0);
  Pilot pilot(offset_hz, 0);
  PilotLoop loop(kRate_Hz);
  for (int n = 0; n < 400; ++n) loop.process(pilot.next());
  CHECK(loop.locked());
  // 0.01 rad cost 80 dB of separation.
  CHECK(error_rad(loop, pilot) < 0.01);
  CHECK_THAT(loop.amplitude(), WithinAbs(kAmplitude, 0.01 * kAmplitude));
}

TEST_CASE("a held loop has no steady error and passes 2 Hz of noise") {
  Pilot pilot(1.9, 0.01);  // 13 dB, in the 4 kHz that the loop sees
  PilotLoop loop(kRate_Hz);
  for (int n = 0; n < 8000; ++n) loop.process(pilot.next());
  double sum = 0;
  constexpr int kCount = 16'000;
  for (int n = 0; n < kCount; ++n) {
    loop.process(pilot.next());
    sum += std::pow(error_rad(loop, pilot), 2);
  }
  // Phase noise of one sample is 0.01 / 0.045 rad; a line over 4000 samples ends
  // with 4 / 4000 of its variance, the recursive form of it with about as much.
  const double expected_rad = 0.01 / (kAmplitude / 2) * std::sqrt(4.0 / 4000);
  CHECK(std::sqrt(sum / kCount) < 1.5 * expected_rad);
}

TEST_CASE("noise alone never locks") {
  Pilot nothing(0, 0.03);
  PilotLoop loop(kRate_Hz);
  for (int n = 0; n < 40'000; ++n) {
    loop.process(nothing.next(0));
    REQUIRE_FALSE(loop.locked());
  }
}

TEST_CASE("a pilot that goes is missed, and found again when it comes back") {
  Pilot pilot(1, 0.0005);
  PilotLoop loop(kRate_Hz);
  for (int n = 0; n < 4000; ++n) loop.process(pilot.next());
  REQUIRE(loop.locked());
  int until_unlock = 0;
  while (loop.locked() && until_unlock < 4000) {
    loop.process(pilot.next(0));
    ++until_unlock;
  }
  CHECK(until_unlock < 400);  // 100 ms
  // The fade to mono (30 ms) needs the old phase still.
  for (int n = 0; n < 120; ++n) {
    loop.process(pilot.next(0));
    CHECK(error_rad(loop, pilot) < 0.1);
  }
  for (int n = 0; n < 600; ++n) loop.process(pilot.next());  // two tries of 50 ms, and a third
  CHECK(loop.locked());
  CHECK(error_rad(loop, pilot) < 0.01);
}

TEST_CASE("a pilot weaker than any transmitter sends does not lock") {
  Pilot pilot(0, 0.0001);
  PilotLoop loop(kRate_Hz);
  for (int n = 0; n < 2000; ++n) loop.process(pilot.next(2500.0 / 75000));
  CHECK_FALSE(loop.locked());
}
