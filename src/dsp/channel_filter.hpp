// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "dsp/rate_plan.hpp"

namespace fmrx::dsp {

/// Half the width that the channel filter passes flat, where the IF has room.
inline constexpr double kChannelPass_Hz = 150'000;
inline constexpr double kChannelStop_Hz = 200'000;

/// Taps of the decimator from the input's rate to the IF: passes the channel
/// filter's band, and stops what would fold into it.
[[nodiscard]] std::vector<double> decimation_taps(const RatePlan& plan);

/// Taps of the channel filter at IF. Where the IF is below twice its stop edge,
/// the capture itself is the channel, and one tap passes it.
[[nodiscard]] std::vector<double> channel_taps(const RatePlan& plan);

/// Equivalent noise bandwidth of a filter, both sides of 0 Hz.
[[nodiscard]] double noise_bandwidth_hz(const std::vector<double>& taps, double rate_hz);

}  // namespace fmrx::dsp
