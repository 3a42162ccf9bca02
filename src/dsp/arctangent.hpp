// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

namespace fmrx::dsp {

/// angle[n] = gain * atan2(y[n], x[n]), the angle within 3e-7 rad; 0 for (0, 0).
/// All spans have one length.
void scaled_arctangent(std::span<const float> y, std::span<const float> x, float gain,
                       std::span<float> angle);

}  // namespace fmrx::dsp
