// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/complex_fir.hpp"

namespace fmrx::dsp {

ComplexFir::ComplexFir(const Kernels& kernels, std::span<const std::complex<double>> taps, std::size_t step)
    : kernels_(kernels), step_(step) {
  const std::size_t zeros = (kMostLanes - taps.size() % kMostLanes) % kMostLanes;
  taps_re_.resize(zeros);
  taps_im_.resize(zeros);
  for (const std::complex<double>& tap : taps) {
    taps_re_.push_back(static_cast<float>(tap.real()));
    taps_im_.push_back(static_cast<float>(tap.imag()));
  }
}

void ComplexFir::process(ComplexView in, float* out_re, float* out_im) {
  // Before the samples, and not behind the first of them: an offset below zero.
  const auto first = static_cast<std::ptrdiff_t>(step_) - static_cast<std::ptrdiff_t>(since_due_) -
                     static_cast<std::ptrdiff_t>(taps_re_.size());
  ComplexFilterJob job{};
  job.re = in.re.data() + first;
  job.im = in.im.data() + first;
  job.outputs = due(in.size());
  job.step = step_;
  job.tap_count = taps_re_.size();
  job.taps_re = taps_re_.data();
  job.taps_im = taps_im_.data();
  job.out_re = out_re;
  job.out_im = out_im;
  kernels_.filter_complex(job);
  since_due_ = (since_due_ + in.size()) % step_;
}

}  // namespace fmrx::dsp
