// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>

#include "dsp/aligned.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/stream_buffer.hpp"

namespace fmrx::dsp {

/// FM discriminator: the phase step from each IF sample to the next, as frequency.
/// Output n is the mean frequency between samples n - 1 and n, so it lags by half
/// a sample and droops by sinc(f / rate); 1.0 is 75 kHz.
class Discriminator {
 public:
  Discriminator(const Kernels& kernels, double rate_hz, std::size_t max_block);

  [[nodiscard]] std::span<const float> process(ComplexView in);

  /// Gain for a modulation of frequency f.
  [[nodiscard]] static double droop(double f_hz, double rate_hz);

 private:
  const Kernels& kernels_;
  float gain_;
  StreamBuffer re_;
  StreamBuffer im_;
  AlignedVector<float> multiplex_;
};

}  // namespace fmrx::dsp
