// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <span>

#include "dsp/aligned.hpp"
#include "dsp/block_stream.hpp"
#include "dsp/kernels/kernels.hpp"

namespace fmrx::dsp {

/// A FIR of complex taps over a complex signal, decimating by `step`. The first output falls due with
/// the step-th sample.
class ComplexFir {
 public:
  /// taps[k] multiplies the k-th oldest sample of the window.
  ComplexFir(const Kernels& kernels, std::span<const std::complex<double>> taps, std::size_t step);

  /// How many older samples must lie before those that process() is given, and kReadSlack behind.
  [[nodiscard]] std::size_t history() const { return taps_re_.size() - 1; }
  /// How many outputs fall due with the next `samples`.
  [[nodiscard]] std::size_t due(std::size_t samples) const { return (since_due_ + samples) / step_; }
  /// Both parts of out have room for due(in.size()) and kOutputSlack.
  void process(ComplexView in, float* out_re, float* out_im);

 private:
  const Kernels& kernels_;
  std::size_t step_;
  AlignedVector<float> taps_re_;  ///< whole registers, zeros first
  AlignedVector<float> taps_im_;
  std::size_t since_due_ = 0;  ///< samples since the last output fell due
};

}  // namespace fmrx::dsp
