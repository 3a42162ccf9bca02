// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/spike_notch.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fmrx::dsp {
namespace {

/// Farther from the station than this, the spike is stopped by the tuner's filter, or can be
/// by the channel filter.
constexpr double kSpikeIsStopped_Hz = 250'000;

constexpr double kMemory_s = 1;

}  // namespace

SpikeNotch::SpikeNotch(double if_hz, Hertz offset)
    : works_(offset.value() != 0 && std::fabs(offset.value()) < std::min(kSpikeIsStopped_Hz, if_hz / 2)),
      turns_(works_ ? -offset.value() / if_hz : 0),
      longest_memory_(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(kMemory_s * if_hz / kGroup))) {
  for (std::size_t k = 0; k < kGroup; ++k) {
    const std::complex<double> phasor = turns_.phasor(static_cast<std::int64_t>(k));
    cos_.push_back(static_cast<float>(phasor.real()));
    sin_.push_back(static_cast<float>(phasor.imag()));
  }
}

void SpikeNotch::process(ComplexRoom signal) {
  if (!works_) return;
  std::size_t done = 0;
  while (done < signal.size()) {
    const auto in_group = static_cast<std::size_t>(samples_ % static_cast<std::int64_t>(kGroup));
    const std::size_t run = std::min(signal.size() - done, kGroup - in_group);
    const std::complex<double> start = turns_.phasor(samples_ - static_cast<std::int64_t>(in_group));
    const std::complex<float> spike(mean_ * start);
    float* const x_re = signal.re.data() + done;
    float* const x_im = signal.im.data() + done;
    const float* const c = cos_.data() + in_group;
    const float* const s = sin_.data() + in_group;
    for (std::size_t n = 0; n < run; ++n) {
      const std::size_t lane = (in_group + n) % kLanes;
      sum_re_[lane] += static_cast<double>(x_re[n] * c[n] + x_im[n] * s[n]);
      sum_im_[lane] += static_cast<double>(x_im[n] * c[n] - x_re[n] * s[n]);
      x_re[n] -= spike.real() * c[n] - spike.imag() * s[n];
      x_im[n] -= spike.real() * s[n] + spike.imag() * c[n];
    }
    done += run;
    samples_ += static_cast<std::int64_t>(run);
    if (samples_ % static_cast<std::int64_t>(kGroup) == 0) conclude_group();
  }
}

void SpikeNotch::conclude_group() {
  const std::complex<double> start = turns_.phasor(samples_ - static_cast<std::int64_t>(kGroup));
  const std::complex<double> sum(std::accumulate(sum_re_.begin(), sum_re_.end(), 0.0),
                                 std::accumulate(sum_im_.begin(), sum_im_.end(), 0.0));
  groups_ = std::min(groups_ + 1, longest_memory_);
  mean_ += (sum * std::conj(start) / static_cast<double>(kGroup) - mean_) / static_cast<double>(groups_);
  sum_re_.fill(0);
  sum_im_.fill(0);
}

}  // namespace fmrx::dsp
