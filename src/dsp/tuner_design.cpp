// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/tuner_design.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

/// The low-pass is fitted to this band, where the station's side bands are strong, and stops from the IF
/// rate less kStop_Hz on. Between the two it falls, and what lies there folds onto itself.
constexpr double kPass_Hz = 116e3;
constexpr double kStop_Hz = 134e3;

/// Ripple is what makes distortion: 0.0009 dB.
constexpr double kFlat_Hz = 110e3;
constexpr double kRipple = 1e-4;
/// 80 dB, as the channel filter, for all that would fold onto a station of the widest swing.
constexpr double kClean_Hz = 130e3;
constexpr double kStopped = 1e-4;

/// Close enough that a ripple is not missed: the shortest one takes a multiple of it.
constexpr double kMaskStep_Hz = 2e3;

bool keeps_mask(const std::vector<double>& taps, const RatePlan& plan) {
  const double rate_hz = plan.input.hz();
  for (double f_hz = 0; f_hz <= kFlat_Hz; f_hz += kMaskStep_Hz)
    if (std::fabs(zero_phase_response(taps, f_hz, rate_hz) - 1) > kRipple) return false;
  for (double f_hz = plan.if_hz() - kClean_Hz; f_hz <= rate_hz / 2; f_hz += kMaskStep_Hz)
    if (std::fabs(zero_phase_response(taps, f_hz, rate_hz)) > kStopped) return false;
  return true;
}

/// Gain 1 at 0 Hz.
std::vector<double> least_squares_low_pass(const RatePlan& plan, std::size_t count) {
  const LeastSquaresDesign design(
      {.rate_hz = plan.input.hz(), .pass_hz = kPass_Hz, .stop_hz = plan.if_hz() - kStop_Hz, .stop_weight = 1},
      count);
  std::vector<double> taps =
      design.taps([](double /*f_hz*/) { return 1.0; }, static_cast<double>(count - 1) / 2);
  const double gain = std::accumulate(taps.begin(), taps.end(), 0.0);
  for (double& tap : taps) tap /= gain;
  return taps;
}

}  // namespace

std::vector<double> tuner_taps(const RatePlan& plan) {
  if (plan.if_decimation == 1) return {1.0};
  std::vector<double> taps;
  // No mask that is kept needs fewer than these.
  for (std::size_t count = 10 * plan.if_decimation; !keeps_mask(taps, plan); count += 2)
    taps = least_squares_low_pass(plan, count);
  return taps;
}

}  // namespace fmrx::dsp
