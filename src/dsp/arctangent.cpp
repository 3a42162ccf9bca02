// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/arctangent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace fmrx::dsp {
namespace {

/// Minimax polynomial of atan(a) / a in a^2 for 0 <= a <= 1: the angle's error is
/// 6e-9 rad before rounding (fitted by Lawson's iteration).
constexpr float kCoefficients[] = {0.9999998863829063F,  -0.333325970279871F,    0.19985906766448697F,
                                   -0.1416122920251781F, 0.10498946120159584F,   -0.07234857463720992F,
                                   0.039781224679102F,   -0.014401358572104478F, 0.0024567247399481604F};

float arctangent(float y, float x) {
  constexpr float kHalfPi = std::numbers::pi_v<float> / 2;
  const float across = std::fabs(x);
  const float up = std::fabs(y);
  const float larger = across > up ? across : up;
  const float smaller = across > up ? up : across;
  const float a = smaller / (larger + std::numeric_limits<float>::min());
  const float s = a * a;
  float p = kCoefficients[8];
  for (int k = 7; k >= 0; --k) p = p * s + kCoefficients[k];
  float angle = p * a;
  angle = up > across ? kHalfPi - angle : angle;
  angle = x < 0 ? std::numbers::pi_v<float> - angle : angle;
  return std::copysign(angle, y);
}

}  // namespace

void scaled_arctangent(std::span<const float> y, std::span<const float> x, float gain,
                       std::span<float> angle) {
  for (std::size_t n = 0; n < angle.size(); ++n) angle[n] = gain * arctangent(y[n], x[n]);
}

}  // namespace fmrx::dsp
