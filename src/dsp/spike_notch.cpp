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

SpikeNotch::SpikeNotch(const Kernels& kernels, double if_hz, Hertz offset)
    : kernels_(kernels),
      works_(offset.value() != 0 && std::fabs(offset.value()) < std::min(kSpikeIsStopped_Hz, if_hz / 2)),
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
    take({signal.re.subspan(done, run), signal.im.subspan(done, run)}, in_group,
         std::complex<float>(mean_ * start));
    done += run;
    samples_ += static_cast<std::int64_t>(run);
    if (samples_ % static_cast<std::int64_t>(kGroup) == 0) conclude_group();
  }
}

/// Samples of one group, from its `in_group`-th on: the end of a row, whole rows, and the beginning of one.
void SpikeNotch::take(ComplexRoom part, std::size_t in_group, std::complex<float> spike) {
  const auto of = [&](std::size_t begin, std::size_t count) {
    return ComplexRoom{part.re.subspan(begin, count), part.im.subspan(begin, count)};
  };
  const std::size_t head = std::min(part.size(), (kLanes - in_group % kLanes) % kLanes);
  const std::size_t rows = (part.size() - head) / kLanes;
  const std::size_t tail = head + rows * kLanes;
  take_part_of_row(of(0, head), in_group, spike);
  take_rows(part.re.data() + head, part.im.data() + head, rows, in_group + head, spike);
  take_part_of_row(of(tail, part.size() - tail), in_group + tail, spike);
}

void SpikeNotch::take_rows(float* re, float* im, std::size_t rows, std::size_t in_group,
                           std::complex<float> spike) {
  kernels_.take_spike({.re = re,
                       .im = im,
                       .table_re = cos_.data() + in_group,
                       .table_im = sin_.data() + in_group,
                       .rows = rows,
                       .spike_re = spike.real(),
                       .spike_im = spike.imag(),
                       .sum_re = sum_re_.data(),
                       .sum_im = sum_im_.data()});
}

/// As a row whose other samples are zeros, which change no sum: so a sample meets the same operations
/// wherever the input is cut.
void SpikeNotch::take_part_of_row(ComplexRoom part, std::size_t in_group, std::complex<float> spike) {
  if (part.size() == 0) return;
  const std::size_t lane = in_group % kLanes;
  std::array<float, kLanes> re{};
  std::array<float, kLanes> im{};
  std::ranges::copy(part.re, re.begin() + static_cast<std::ptrdiff_t>(lane));
  std::ranges::copy(part.im, im.begin() + static_cast<std::ptrdiff_t>(lane));
  take_rows(re.data(), im.data(), 1, in_group - lane, spike);
  std::copy_n(re.begin() + static_cast<std::ptrdiff_t>(lane), part.size(), part.re.begin());
  std::copy_n(im.begin() + static_cast<std::ptrdiff_t>(lane), part.size(), part.im.begin());
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
