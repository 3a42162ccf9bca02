// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/vector.hpp"

namespace fmrx::dsp {
namespace {

void take_spike(const SpikeJob& job) {
  constexpr std::size_t kVectors = kMostLanes / kLanes;
  Floats sum_re[kVectors];
  Floats sum_im[kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) {
    sum_re[v] = load(job.sum_re + v * kLanes);
    sum_im[v] = load(job.sum_im + v * kLanes);
  }
  const Floats spike_re = splat(job.spike_re);
  const Floats spike_im = splat(job.spike_im);
  for (std::size_t row = 0; row < job.rows; ++row)
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t n = row * kMostLanes + v * kLanes;
      const Floats re = load(job.re + n);
      const Floats im = load(job.im + n);
      const Floats c = load(job.table_re + n);
      const Floats s = load(job.table_im + n);
      sum_re[v] += multiply_add(re, c, im * s);
      sum_im[v] += multiply_add(im, c, -(re * s));
      store(job.re + n, re - multiply_add(spike_re, c, -(spike_im * s)));
      store(job.im + n, im - multiply_add(spike_re, s, spike_im * c));
    }
  for (std::size_t v = 0; v < kVectors; ++v) {
    store(job.sum_re + v * kLanes, sum_re[v]);
    store(job.sum_im + v * kLanes, sum_im[v]);
  }
}

}  // namespace
}  // namespace fmrx::dsp
