// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "dsp/fir.hpp"
#include "dsp/stream_buffer.hpp"

namespace fmrx::dsp {

/// FIR filter with real taps on a complex signal. A single tap of 1 passes all.
class ComplexFir {
 public:
  ComplexFir(const Kernels& kernels, const std::vector<double>& taps, std::size_t max_block)
      : passes_all_(taps.size() == 1), re_(kernels, taps, 1, max_block), im_(kernels, taps, 1, max_block) {}

  /// At most max_block samples in; the view is valid until the next call.
  [[nodiscard]] ComplexView process(ComplexView in) {
    if (passes_all_) return in;
    re_.process(in.re);
    im_.process(in.im);
    return {re_.outputs(), im_.outputs()};
  }

  [[nodiscard]] std::size_t max_output() const { return re_.max_output(); }

 private:
  bool passes_all_;
  Fir re_;
  Fir im_;
};

}  // namespace fmrx::dsp
