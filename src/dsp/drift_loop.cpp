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
/// Between two updates, a quarter of a second apart, the largest drift and the fastest return together
/// change the delay by 0.2 ms.
constexpr double kSmallestStep_s = 0.3e-3;
constexpr double kReturn_s = 3;
/// While the widest loop learns the largest drift, the delay strays by 0.14 ms; a narrower one
/// has less to learn. More is not drift but blocks that all come late.
constexpr double kLargestToLearn_s = 0.1e-3;
constexpr double kPartsPerMillion = 1e6;

double limited(double value, double most) {
  return std::clamp(value, -most, most);
}

}  // namespace

void DriftLoop::update(double excess_s, double elapsed_s) {
  const double change_s = excess_s - excess_s_;
  excess_s_ = excess_s;
  if (std::fabs(change_s) > kSmallestStep_s) step_s_ += change_s;
  const double return_ppm = limited(step_s_ / kReturn_s * kPartsPerMillion, kFastestReturn_ppm);
  const double error_s = excess_s - step_s_;

  running_s_ += elapsed_s;
  const double natural_rad_s = std::clamp(kSettling_rad / running_s_, kNarrowest_rad_s, kWidest_rad_s);
  const double integral_gain = natural_rad_s * natural_rad_s;
  const double proportional_gain = 2 * natural_rad_s;
  const double to_learn_s = limited(error_s, kLargestToLearn_s * natural_rad_s / kWidest_rad_s);
  drift_ppm_ += integral_gain * to_learn_s * elapsed_s * kPartsPerMillion;
  drift_ppm_ = limited(drift_ppm_, kLargest_ppm);
  speed_ppm_ =
      drift_ppm_ + limited(proportional_gain * error_s * kPartsPerMillion, kFastestReturn_ppm) + return_ppm;
  step_s_ -= return_ppm / kPartsPerMillion * elapsed_s;
}

}  // namespace fmrx::dsp
