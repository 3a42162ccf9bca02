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
constexpr double kPartsPerMillion = 1e6;

double limited(double ppm) {
  return std::clamp(ppm, -DriftLoop::kLargest_ppm, DriftLoop::kLargest_ppm);
}

}  // namespace

void DriftLoop::update(double excess_s, double elapsed_s) {
  running_s_ += elapsed_s;
  const double natural_rad_s = std::clamp(kSettling_rad / running_s_, kNarrowest_rad_s, kWidest_rad_s);
  const double integral_gain = natural_rad_s * natural_rad_s;
  const double proportional_gain = 2 * natural_rad_s;
  const double correction_ppm = proportional_gain * excess_s * kPartsPerMillion;
  // What a stall did to the delay is not drift: nothing is learnt while the speed is at its limit.
  const bool at_limit = std::fabs(drift_ppm_ + correction_ppm) > kLargest_ppm;
  if (!at_limit) drift_ppm_ += integral_gain * excess_s * elapsed_s * kPartsPerMillion;
  speed_ppm_ = limited(drift_ppm_ + correction_ppm);
}

}  // namespace fmrx::dsp
