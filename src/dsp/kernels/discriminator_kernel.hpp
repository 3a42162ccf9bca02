// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/vector.hpp"

namespace fmrx::dsp {
namespace {

/// Minimax polynomial of atan(a) / a in a^2 for 0 <= a <= 1: the angle's error is
/// 4e-8 rad before rounding (fitted by Lawson's iteration).
constexpr float kArctangent[] = {0.99999933557571274F,  -0.33329860773341669F,  0.19946565520172277F,
                                 -0.13908628867469741F, 0.096421955196802869F,  -0.055912301282766294F,
                                 0.021862939684710106F, -0.0040545620449255609F};

/// gain * atan2(y, x); 0 for (0, 0).
class Arctangent {
 public:
  explicit Arctangent(float gain) : quarter_(gain * kPi / 2), half_(gain * kPi) {
    for (std::size_t k = 0; k < kTerms; ++k) terms_[k] = splat(gain * kArctangent[k]);
  }

  [[nodiscard]] Floats operator()(Floats y, Floats x) const {
    constexpr float kTiny = 1.1754943508222875e-38F;  // the least normal number: 0 / kTiny is 0
    const Floats across = magnitude(x);
    const Floats up = magnitude(y);
    const Floats a = smaller(across, up) / larger(larger(across, up), splat(kTiny));
    const Floats s = a * a;
    Floats p = terms_[kTerms - 1];
#pragma GCC unroll 8
    for (std::size_t k = kTerms - 1; k-- > 0;) p = multiply_add(p, s, terms_[k]);
    const Floats octant = p * a;
    const Floats quadrant = mirrored(octant, quarter_, across, up);
    const Floats half = mirrored(quadrant, half_, x, Floats{});
    return with_sign(half, y);
  }

 private:
  static constexpr float kPi = 3.14159265358979323846F;
  static constexpr std::size_t kTerms = sizeof kArctangent / sizeof *kArctangent;

  Floats terms_[kTerms];
  float quarter_;
  float half_;
};

void discriminate(const float* re, const float* im, std::size_t count, float gain, float* out) {
  const Arctangent arctangent(gain);
  for (std::size_t n = 0; n < count; n += kLanes) {
    const Floats old_re = load(re + n);
    const Floats old_im = load(im + n);
    const Floats new_re = load(re + n + 1);
    const Floats new_im = load(im + n + 1);
    const Floats step_re = multiply_add(new_re, old_re, new_im * old_im);
    const Floats step_im = multiply_add(new_im, old_re, -(new_re * old_im));
    store(out + n, arctangent(step_im, step_re));
  }
}

}  // namespace
}  // namespace fmrx::dsp
