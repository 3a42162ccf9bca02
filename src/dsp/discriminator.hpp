// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>

#include "dsp/block_stream.hpp"
#include "dsp/kernels/kernels.hpp"

namespace fmrx::dsp {

/// FM discriminator: the phase step from each IF sample to the next, as frequency.
/// Output n is the mean frequency between samples n - 1 and n, so it lags by half
/// a sample and droops by sinc(f / rate); 1.0 is 75 kHz.
class Discriminator {
 public:
  Discriminator(const Kernels& kernels, double rate_hz);

  /// One output for each sample. Behind `in` and `out` there are kOutputSlack more floats, of which
  /// those of `out` are overwritten.
  void process(ComplexView in, float* out);

  /// Gain for a modulation of frequency f.
  [[nodiscard]] static double droop(double f_hz, double rate_hz);

 private:
  const Kernels& kernels_;
  float gain_;
  float last_re_ = 0;
  float last_im_ = 0;
};

}  // namespace fmrx::dsp
