// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/complex_fir.hpp"

#include "dsp/fir.hpp"

namespace fmrx::dsp {

ComplexFir::ComplexFir(std::span<const double> taps, std::size_t step, std::size_t max_block)
    : passes_all_(taps.size() == 1 && step == 1),
      taps_(padded_taps(taps)),
      step_(step),
      // The first output falls due with the step-th sample.
      re_(taps_.size() - step, taps_.size() + step + max_block),
      im_(re_),
      out_re_(max_block / step + 1),
      out_im_(max_block / step + 1) {}

ComplexView ComplexFir::process(ComplexView in) {
  if (passes_all_) return in;
  re_.append(in.re);
  im_.append(in.im);
  const std::size_t available = re_.size();
  const std::size_t outputs = available < taps_.size() ? 0 : (available - taps_.size()) / step_ + 1;
  const std::span<float> out_re(out_re_.data(), outputs);
  const std::span<float> out_im(out_im_.data(), outputs);
  fir_decimate(taps_, step_, re_.data(), out_re);
  fir_decimate(taps_, step_, im_.data(), out_im);
  re_.drop(outputs * step_);
  im_.drop(outputs * step_);
  return {out_re, out_im};
}

}  // namespace fmrx::dsp
