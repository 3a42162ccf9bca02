// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/fir.hpp"

#include <algorithm>

namespace fmrx::dsp {

Fir::Fir(const Kernels& kernels, std::span<const std::vector<double>> sets, std::size_t step,
         std::size_t max_block)
    : kernels_(kernels),
      step_(step),
      max_output_(max_block / step + 1),
      tap_count_(sets.front().size()),
      scratch_(FilterJob::scratch_floats(max_output_, step, tap_count_)) {
  for (const std::vector<double>& set : sets) {
    AlignedVector<float>& taps = taps_.emplace_back();
    for (const double tap : set) taps.push_back(static_cast<float>(tap));
  }
}

void Fir::process(std::span<const float> in, std::initializer_list<float*> out) {
  FilterJob job{};
  job.x = in.data() + step_ - since_due_ - tap_count_;
  job.outputs = due(in.size());
  job.step = step_;
  job.tap_count = tap_count_;
  job.sets = taps_.size();
  for (std::size_t set = 0; set < taps_.size(); ++set) job.taps[set] = taps_[set].data();
  std::ranges::copy(out, job.out);
  job.scratch = scratch_.data();
  kernels_.filter(job);
  since_due_ = (since_due_ + in.size()) % step_;
}

}  // namespace fmrx::dsp
