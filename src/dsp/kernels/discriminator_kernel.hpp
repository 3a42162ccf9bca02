// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/vector.hpp"

namespace fmrx::dsp {
namespace {

/// Minimax polynomial of atan(a) / a in a^2 for 0 <= a <= 1: the angle's error is
/// 6e-9 rad before rounding (fitted by Lawson's iteration).
constexpr float kArctangent[] = {0.9999998863829063F,  -0.333325970279871F,    0.19985906766448697F,
                                 -0.1416122920251781F, 0.10498946120159584F,   -0.07234857463720992F,
                                 0.039781224679102F,   -0.014401358572104478F, 0.0024567247399481604F};

/// atan2(y, x); 0 for (0, 0).
inline Floats arctangent(Floats y, Floats x) {
  constexpr float kPi = 3.14159265358979323846F;
  constexpr float kTiny = 1.1754943508222875e-38F;  // the least normal number: 0 / kTiny is 0
  const Floats across = magnitude(x);
  const Floats up = magnitude(y);
  const Floats a = smaller(across, up) / larger(larger(across, up), splat(kTiny));
  const Floats s = a * a;
  Floats p = splat(kArctangent[8]);
#pragma GCC unroll 8
  for (int k = 7; k >= 0; --k) p = multiply_add(p, s, splat(kArctangent[k]));
  const Floats octant = p * a;
  const Floats quadrant = mirrored(octant, kPi / 2, across, up);
  const Floats half = mirrored(quadrant, kPi, x, Floats{});
  return with_sign(half, y);
}

void discriminate(const float* re, const float* im, std::size_t count, float gain, float* out) {
  for (std::size_t n = 0; n < count; n += kLanes) {
    const Floats old_re = load(re + n);
    const Floats old_im = load(im + n);
    const Floats new_re = load(re + n + 1);
    const Floats new_im = load(im + n + 1);
    const Floats step_re = multiply_add(new_re, old_re, new_im * old_im);
    const Floats step_im = multiply_add(new_im, old_re, -(new_re * old_im));
    store(out + n, splat(gain) * arctangent(step_im, step_re));
  }
}

}  // namespace
}  // namespace fmrx::dsp
