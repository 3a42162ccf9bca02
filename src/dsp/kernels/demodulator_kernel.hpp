// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"

namespace fmrx::dsp {
namespace {

void demodulate(const DemodulatorJob& job) {
  const float* const re = job.re;
  const float* const im = job.im;
  const float* const table_re = job.table_re;
  const float* const table_im = job.table_im;
  float* const out = job.out;
  const float step = 1.0F / static_cast<float>(job.count);
  const float slope_re = job.to_re - job.from_re;
  const float slope_im = job.to_im - job.from_im;
  const float from_re = job.from_re;
  const float from_im = job.from_im;
  const auto count = static_cast<int>(job.count);
  for (int k = 0; k < count; ++k) {
    const float share = static_cast<float>(k + 1) * step;
    const float chord_re = from_re + share * slope_re;
    const float chord_im = from_im + share * slope_im;
    const float carrier_re = chord_re * table_re[k] - chord_im * table_im[k];
    const float carrier_im = chord_re * table_im[k] + chord_im * table_re[k];
    out[k] = im[k] * carrier_re - re[k] * carrier_im;
  }
}

}  // namespace
}  // namespace fmrx::dsp
