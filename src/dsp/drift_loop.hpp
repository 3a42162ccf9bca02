// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace fmrx::dsp {

/// Finds by how much one clock is faster than another, from the delay between what the first
/// writes and the second reads, and says how much faster to use it up: a loop of second order
/// (proportional and integral), critically damped. It begins with a natural frequency of 0.128 Hz,
/// to learn within seconds, and narrows to 0.016 Hz, where a pitch that wanders by parts per
/// million in a minute is far from audible. Drift changes the delay steadily; a step in it is what a
/// stall has done, and is brought back without being learnt from.
class DriftLoop {
 public:
  /// Crystals of dongles and of sound cards are off by up to 100 ppm each.
  static constexpr double kLargest_ppm = 300;
  /// Besides, to bring the delay back: a hundredth of a semitone.
  static constexpr double kFastestReturn_ppm = 500;

  /// `excess_s`: by how many seconds the delay is too long; `elapsed_s` since the last call.
  void update(double excess_s, double elapsed_s);

  /// Learns anew, from what is known.
  void widen() { running_s_ = 0; }

  /// How much faster, in ppm, the audio is to be used up now: what cancels the drift and what
  /// brings the delay back.
  [[nodiscard]] double speed_ppm() const { return speed_ppm_; }

  /// The estimate: how much faster the writer's clock is, in ppm.
  [[nodiscard]] double drift_ppm() const { return drift_ppm_; }

 private:
  double running_s_ = 0;
  double excess_s_ = 0;  ///< at the last update
  double step_s_ = 0;    ///< of that, what steps have left, on its way back
  double drift_ppm_ = 0;
  double speed_ppm_ = 0;
};

}  // namespace fmrx::dsp
