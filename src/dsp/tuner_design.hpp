// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "dsp/rate_plan.hpp"

namespace fmrx::dsp {

/// Taps of the tuner's low-pass: flat to 140 kHz, 88 dB down where it would fold onto that.
[[nodiscard]] std::vector<double> tuner_taps(const RatePlan& plan);

}  // namespace fmrx::dsp
