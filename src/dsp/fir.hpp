// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

#include "dsp/aligned.hpp"
#include "dsp/block_stream.hpp"
#include "dsp/kernels/kernels.hpp"

namespace fmrx::dsp {

/// One to three real FIRs of one length over one signal, decimating by `step`. The first output
/// falls due with the step-th sample: output m stands for input sample
/// step * (m + 1) - 1 - (taps - 1) / 2.
class Fir {
 public:
  /// sets[s][k] multiplies the k-th oldest sample of the window.
  Fir(const Kernels& kernels, std::span<const std::vector<double>> sets, std::size_t step,
      std::size_t max_block);
  Fir(const Kernels& kernels, const std::vector<double>& taps, std::size_t step, std::size_t max_block)
      : Fir(kernels, std::span(&taps, 1), step, max_block) {}

  /// How many older samples must lie before those that process() is given, and kReadSlack behind.
  [[nodiscard]] std::size_t history() const { return tap_count_ - 1; }
  /// How many outputs fall due with the next `samples`.
  [[nodiscard]] std::size_t due(std::size_t samples) const { return (since_due_ + samples) / step_; }
  /// At most max_block samples in; out[set] has room for due(in.size()) and kOutputSlack.
  void process(std::span<const float> in, std::initializer_list<float*> out);

  [[nodiscard]] std::size_t max_output() const { return max_output_; }
  /// Of taps that are symmetric about their middle, in samples of the input.
  [[nodiscard]] double delay_samples() const {
    return static_cast<double>(tap_count_ - 1) / 2 - static_cast<double>(step_ - 1);
  }

 private:
  const Kernels& kernels_;
  std::size_t step_;
  std::size_t max_output_;
  std::vector<AlignedVector<float>> taps_;
  std::size_t tap_count_;
  std::size_t since_due_ = 0;  ///< samples since the last output fell due
  AlignedVector<float> scratch_;
};

}  // namespace fmrx::dsp
