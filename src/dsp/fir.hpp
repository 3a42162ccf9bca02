// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "dsp/aligned.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/stream_buffer.hpp"

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

  /// At most max_block samples in. What outputs() gives is valid until the next call.
  void process(std::span<const float> in);

  [[nodiscard]] std::span<const float> outputs(std::size_t set = 0) const {
    return {outputs_[set].data(), count_};
  }
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
  StreamBuffer input_;
  AlignedVector<float> scratch_;
  std::vector<AlignedVector<float>> outputs_;
  std::size_t count_ = 0;
};

}  // namespace fmrx::dsp
