// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/channel_filter.hpp"

#include <algorithm>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

constexpr double kAttenuation_dB = 86;

}  // namespace

std::vector<double> decimation_taps(const RatePlan& plan) {
  if (plan.if_decimation == 1) return {1.0};
  // Folding onto the channel filter's slope is met by the slope itself.
  const double channel_edge_hz = (kChannelPass_Hz + kChannelStop_Hz) / 2;
  return kaiser_low_pass({.rate_hz = plan.input.hz(),
                          .pass_hz = kChannelPass_Hz,
                          .stop_hz = plan.if_hz() - channel_edge_hz,
                          .attenuation_db = kAttenuation_dB});
}

std::vector<double> channel_taps(const RatePlan& plan) {
  const double stop_hz = std::min(kChannelStop_Hz, plan.if_hz() / 2);
  if (stop_hz < kChannelPass_Hz * 1.2) return {1.0};
  return kaiser_low_pass({.rate_hz = plan.if_hz(),
                          .pass_hz = kChannelPass_Hz,
                          .stop_hz = stop_hz,
                          .attenuation_db = kAttenuation_dB});
}

double noise_bandwidth_hz(const std::vector<double>& taps, double rate_hz) {
  double power = 0;
  for (const double tap : taps) power += tap * tap;
  return power * rate_hz;
}

}  // namespace fmrx::dsp
