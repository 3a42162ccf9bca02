// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "dsp/rate_plan.hpp"

namespace fmrx::dsp {

/// Taps of the tuner's low-pass: flat over a station's strong side bands, to 110 kHz, and 80 dB
/// down where it would fold onto any, from 130 kHz below the IF rate on.
[[nodiscard]] std::vector<double> tuner_taps(const RatePlan& plan);

}  // namespace fmrx::dsp
