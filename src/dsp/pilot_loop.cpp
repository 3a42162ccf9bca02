// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/pilot_loop.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/units.hpp"

namespace fmrx::dsp {
namespace {

constexpr double kMemory_s = 1.0;
constexpr double kMeasuring_s = 0.05;

/// ITU-R BS.450: the pilot deviates the carrier by 6 to 7.5 kHz.
constexpr double kLockAmplitude = 3'000 / kFullScaleDeviation_Hz;
constexpr double kUnlockAmplitude = 2'000 / kFullScaleDeviation_Hz;

/// Power over that in quadrature: 8 dB and 5 dB.
constexpr double kLockToNoise = 6.5;
constexpr double kUnlockToNoise = 3.3;

constexpr std::int64_t kTurnsOfPhasor = 32;

/// exp(j angle), which is small once the loop holds, 3e-3 with clocks 100 ppm apart: then four terms
/// do, within 2e-17.
inline std::complex<double> turned_by(double angle_rad) {
  if (std::fabs(angle_rad) > 0.03) return std::polar(1.0, angle_rad);
  const double square = angle_rad * angle_rad;
  const double fourth = square * square;
  // A division takes longer than all the rest.
  return {1 - square * (1.0 / 2) + fourth * (1.0 / 24 - square * (1.0 / 720)),
          angle_rad * (1 - square * (1.0 / 6) + fourth * (1.0 / 120 - square * (1.0 / 5040)))};
}

}  // namespace

PilotLoop::PilotLoop(double rate_hz)
    : longest_memory_(std::llround(kMemory_s * rate_hz)),
      measuring_time_(std::llround(kMeasuring_s * rate_hz)) {}

void PilotLoop::process(std::complex<double> pilot) {
  if (!locked_ && unlocked_for_ % measuring_time_ == 0) restart(pilot);
  ++age_;
  advance();
  const std::complex<double> turned_back = pilot * std::conj(phasor_);
  measure(turned_back);
  // While the pilot is away its quadrature is small against the amplitude
  // remembered, and the loop coasts.
  const double quarter_power = std::norm(turned_back) / 4;
  const bool remembered = in_phase_ > 0 && in_phase_ * in_phase_ >= quarter_power;
  const double amplitude = remembered ? in_phase_ : std::sqrt(quarter_power);
  if (amplitude > 0) steer(std::clamp(turned_back.imag() / amplitude, -1.0, 1.0));
  decide();
}

/// The phasor is turned along, and made anew before its rounding errors could add up to 1e-14.
void PilotLoop::advance() {
  phase_rad_ += step_rad_;
  if (age_ % kTurnsOfPhasor == 0 || std::fabs(phase_rad_) > std::numbers::pi) {
    phase_rad_ = std::remainder(phase_rad_, 2 * std::numbers::pi);
    phasor_ = std::polar(1.0, phase_rad_);
  } else {
    phasor_ *= step_phasor_;
  }
}

void PilotLoop::restart(std::complex<double> pilot) {
  phase_rad_ = std::arg(pilot);
  phasor_ = std::polar(1.0, phase_rad_);
  step_rad_ = 0;
  step_phasor_ = 1;
  age_ = 0;
  in_phase_ = 0;
  quadrature_power_ = 0;
}

/// Gains of the growing-memory straight-line fit, which become those of a loop of
/// damping sqrt(2/3) when the memory stops growing.
void PilotLoop::steer(double error_rad) {
  if (age_ <= longest_memory_) {
    const auto n = static_cast<double>(age_);
    phase_gain_ = 2 * (2 * n - 1) / (n * (n + 1));
    step_gain_ = n < 2 ? 0 : 6 / (n * (n + 1));
  }
  phase_rad_ += phase_gain_ * error_rad;
  step_rad_ += step_gain_ * error_rad;
  phasor_ *= turned_by(phase_gain_ * error_rad);
  step_phasor_ = turned_by(step_rad_);
}

void PilotLoop::measure(std::complex<double> turned_back) {
  if (age_ <= measuring_time_) measuring_gain_ = 1 / static_cast<double>(age_);
  in_phase_ += measuring_gain_ * (turned_back.real() - in_phase_);
  const double power = turned_back.imag() * turned_back.imag();
  quadrature_power_ += measuring_gain_ * (power - quadrature_power_);
}

void PilotLoop::decide() {
  if (locked_) {
    locked_ = amplitude() > kUnlockAmplitude && to_noise() > kUnlockToNoise;
    unlocked_for_ = 1;  // coasts through the fade to mono before it looks for a pilot again
  } else {
    ++unlocked_for_;
    locked_ = age_ >= measuring_time_ - 1 && amplitude() > kLockAmplitude && to_noise() > kLockToNoise;
  }
}

double PilotLoop::to_noise() const {
  return in_phase_ * in_phase_ / std::max(quadrature_power_, std::numeric_limits<double>::min());
}

}  // namespace fmrx::dsp
