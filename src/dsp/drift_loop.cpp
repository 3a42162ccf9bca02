// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/drift_loop.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fmrx::dsp {
namespace {

constexpr double kTurn_rad = 2 * std::numbers::pi;
constexpr double kWidest_rad_s = kTurn_rad * 0.128;
constexpr double kNarrowest_rad_s = kTurn_rad * 0.016;
/// So many radians of its own frequency the loop has to settle before it narrows.
constexpr double kSettling_rad = 5;
/// Between two updates, a quarter of a second apart, the largest drift and the largest correction
/// together change the delay by 0.2 ms.
constexpr double kStep_s = 0.3e-3;
constexpr double kLongestRecovery_s = 30;
constexpr double kPartsPerMillion = 1e6;

double limited(double value, double most) {
  return std::clamp(value, -most, most);
}

}  // namespace

void DriftLoop::update(double excess_s, double elapsed_s) {
  const bool steps = std::fabs(excess_s - excess_s_) > kStep_s;
  excess_s_ = excess_s;
  if (recovering_s_ <= 0) running_s_ += elapsed_s;
  const double natural_rad_s = std::clamp(kSettling_rad / running_s_, kNarrowest_rad_s, kWidest_rad_s);
  const double integral_gain = natural_rad_s * natural_rad_s;
  const double proportional_gain = 2 * natural_rad_s;
  if (steps) {
    // At the largest correction, and then exponentially until a twentieth is left.
    const double recovery_s =
        std::fabs(excess_s) * kPartsPerMillion / kLargestCorrection_ppm + 3 / proportional_gain;
    recovering_s_ = std::min(recovery_s, kLongestRecovery_s);
  }
  recovering_s_ = std::max(recovering_s_ - elapsed_s, 0.0);
  if (recovering_s_ == 0) drift_ppm_ += integral_gain * excess_s * elapsed_s * kPartsPerMillion;
  drift_ppm_ = limited(drift_ppm_, kLargest_ppm);
  const double correction_ppm = proportional_gain * excess_s * kPartsPerMillion;
  speed_ppm_ = drift_ppm_ + limited(correction_ppm, kLargestCorrection_ppm);
}

}  // namespace fmrx::dsp
