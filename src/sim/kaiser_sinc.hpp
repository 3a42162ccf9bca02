// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace fmrx::sim {

/// A low pass as a continuous function of time: a sinc under a Kaiser window.
/// Sampled at any spacing it is a linear-phase FIR of the same response; its
/// integral is 1. Time is counted in samples of the signal that is filtered.
class KaiserSinc {
 public:
  /// cutoff: middle of the transition, in cycles per sample. half_width: the
  /// kernel is zero beyond +-half_width samples. attenuation_db: of the stop
  /// band; it and the width fix the transition (Kaiser 1974).
  KaiserSinc(double cutoff, double half_width, double attenuation_db);

  [[nodiscard]] double operator()(double time) const;
  [[nodiscard]] double derivative(double time) const;

 private:
  double cutoff_;
  double half_width_;
  double beta_;
  double window_scale_;
};

/// The Kaiser window alone, 1 at 0 and 0 beyond +-1.
[[nodiscard]] double kaiser_window(double position, double beta);

}  // namespace fmrx::sim
