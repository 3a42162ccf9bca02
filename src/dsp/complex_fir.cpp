// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/complex_fir.hpp"

#include <algorithm>

#include "dsp/fir.hpp"

namespace fmrx::dsp {
namespace {

/// Symmetric taps with zeros in front, so that the newest sample meets the last
/// true tap and padding costs no delay.
std::vector<float> padded_in_front(std::span<const double> taps) {
  std::vector<double> reversed(taps.rbegin(), taps.rend());
  const std::vector<float> padded = padded_taps(reversed);
  return {padded.rbegin(), padded.rend()};
}

}  // namespace

ComplexFir::ComplexFir(std::span<const double> taps, std::size_t step, std::size_t max_block)
    : taps_(padded_in_front(taps)),
      step_(step),
      re_(taps_.size() - 1, taps_.size() + step + max_block),
      im_(taps_.size() - 1, taps_.size() + step + max_block),
      out_re_(max_block / step + 1),
      out_im_(max_block / step + 1) {
  // The first output falls due with the step-th sample.
  re_.drop(std::min(step - 1, re_.size()));
  im_.drop(std::min(step - 1, im_.size()));
}

ComplexView ComplexFir::process(ComplexView in) {
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
