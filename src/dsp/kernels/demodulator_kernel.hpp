// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/vector.hpp"

namespace fmrx::dsp {
namespace {

void demodulate(const DemodulatorJob& job) {
  const Floats from_re = splat(job.from_re);
  const Floats from_im = splat(job.from_im);
  const Floats way_re = splat(job.to_re - job.from_re);
  const Floats way_im = splat(job.to_im - job.from_im);
  for (std::size_t k = 0; k < job.count; k += kLanes) {
    const Floats share = load(job.shares + k);
    const Floats table_re = load(job.table_re + k);
    const Floats table_im = load(job.table_im + k);
    const Floats chord_re = multiply_add(share, way_re, from_re);
    const Floats chord_im = multiply_add(share, way_im, from_im);
    const Floats carrier_re = multiply_add(chord_re, table_re, -(chord_im * table_im));
    const Floats carrier_im = multiply_add(chord_re, table_im, chord_im * table_re);
    store(job.out + k, multiply_add(load(job.im + k), carrier_re, -(load(job.re + k) * carrier_im)));
  }
}

}  // namespace
}  // namespace fmrx::dsp
