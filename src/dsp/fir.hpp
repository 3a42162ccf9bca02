// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fmrx::dsp {

/// Taps are padded with zeros to a whole number of lanes, so that the kernel has
/// no remainder and its sums have one order.
inline constexpr std::size_t kFirLanes = 8;

/// `taps` in float, with zeros in front up to whole lanes: the newest sample still
/// meets the last tap, and the padding costs no delay.
[[nodiscard]] std::vector<float> padded_taps(std::span<const double> taps);

/// Sum of taps[k] * x[k]. x has at least taps.size() readable samples;
/// taps.size() is a multiple of kFirLanes.
[[nodiscard]] float dot(std::span<const float> taps, const float* x);

/// y[i] = sum of taps[k] * x[i * step + k], for every element of y.
void fir_decimate(std::span<const float> taps, std::size_t step, const float* x, std::span<float> y);

}  // namespace fmrx::dsp
