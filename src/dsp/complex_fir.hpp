// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dsp/stream_buffer.hpp"

namespace fmrx::dsp {

/// Linear-phase FIR filter of a complex stream that keeps every `step`-th output.
/// A single tap at every sample passes the input as it is, and costs nothing.
/// Output m stands for input sample step * (m + 1) - 1 - (taps - 1) / 2.
class ComplexFir {
 public:
  ComplexFir(std::span<const double> taps, std::size_t step, std::size_t max_block);

  /// At most max_block samples in; the view is valid until the next call.
  [[nodiscard]] ComplexView process(ComplexView in);

  [[nodiscard]] std::size_t max_output() const { return out_re_.size(); }

 private:
  bool passes_all_;
  std::vector<float> taps_;
  std::size_t step_;
  StreamBuffer re_;
  StreamBuffer im_;
  std::vector<float> out_re_;
  std::vector<float> out_im_;
};

}  // namespace fmrx::dsp
