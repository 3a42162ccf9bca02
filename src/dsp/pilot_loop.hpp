// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstdint>

namespace fmrx::dsp {

/// Second-order phase-locked loop for the pilot, already mixed to 0 Hz and at a
/// few kHz. It starts as a least-squares line through all phases seen so far, the
/// quickest estimate there is, and narrows until it has the memory of one second:
/// a line over n samples has the noise bandwidth 2 rate / n, so the loop passes
/// 30 Hz after 67 ms and holds at 2 Hz.
class PilotLoop {
 public:
  explicit PilotLoop(double rate_hz);

  /// Takes one sample, whose modulus is half the pilot's amplitude (1.0 = 75 kHz).
  void process(std::complex<double> pilot);

  /// exp(j phase) of the last sample.
  [[nodiscard]] std::complex<double> phasor() const { return phasor_; }
  [[nodiscard]] bool locked() const { return locked_; }
  /// Peak deviation, as measured in phase with the loop; 1.0 = 75 kHz.
  [[nodiscard]] double amplitude() const { return 2 * in_phase_; }
  /// Power of the pilot over the power of what stands in quadrature to it.
  [[nodiscard]] double to_noise() const;

 private:
  void restart(std::complex<double> pilot);
  void advance();
  void steer(double error_rad);
  void measure(std::complex<double> turned_back);
  void decide();

  std::int64_t longest_memory_;
  std::int64_t measuring_time_;

  double phase_rad_ = 0;
  std::complex<double> phasor_{1, 0};
  double step_rad_ = 0;
  std::complex<double> step_phasor_{1, 0};  ///< made beside the last turn, so that none waits for it
  std::int64_t age_ = 0;                    ///< samples since the loop (re)started
  double phase_gain_ = 0;
  double step_gain_ = 0;
  double measuring_gain_ = 0;
  double in_phase_ = 0;
  double quadrature_power_ = 0;
  bool locked_ = false;
  std::int64_t unlocked_for_ = 0;
};

}  // namespace fmrx::dsp
