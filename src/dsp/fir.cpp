// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/fir.hpp"

namespace fmrx::dsp {

Fir::Fir(const Kernels& kernels, std::span<const std::vector<double>> sets, std::size_t step,
         std::size_t max_block)
    : kernels_(kernels),
      step_(step),
      max_output_(max_block / step + 1),
      tap_count_(sets.front().size()),
      input_(tap_count_ - step, tap_count_ + step + max_block),
      scratch_(FilterJob::scratch_floats(max_output_, step, tap_count_)) {
  for (const std::vector<double>& set : sets) {
    AlignedVector<float>& taps = taps_.emplace_back();
    for (const double tap : set) taps.push_back(static_cast<float>(tap));
    outputs_.emplace_back(max_output_ + kOutputSlack);
  }
}

void Fir::process(std::span<const float> in) {
  input_.append(in);
  count_ = input_.size() < tap_count_ ? 0 : (input_.size() - tap_count_) / step_ + 1;
  FilterJob job{};
  job.x = input_.data();
  job.outputs = count_;
  job.step = step_;
  job.tap_count = tap_count_;
  job.sets = taps_.size();
  for (std::size_t set = 0; set < taps_.size(); ++set) {
    job.taps[set] = taps_[set].data();
    job.out[set] = outputs_[set].data();
  }
  job.scratch = scratch_.data();
  kernels_.filter(job);
  input_.drop(count_ * step_);
}

}  // namespace fmrx::dsp
