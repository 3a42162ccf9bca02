// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/fir.hpp"

#include <algorithm>

namespace fmrx::dsp {

std::vector<float> padded_taps(std::span<const double> taps) {
  const std::size_t lanes = (taps.size() + kFirLanes - 1) / kFirLanes * kFirLanes;
  std::vector<float> padded(lanes, 0.0F);
  std::transform(taps.rbegin(), taps.rend(), padded.rbegin(),
                 [](double tap) { return static_cast<float>(tap); });
  return padded;
}

float dot(std::span<const float> taps, const float* x) {
  float sum[kFirLanes] = {};
  const float* h = taps.data();
  const std::size_t count = taps.size();
  for (std::size_t k = 0; k < count; k += kFirLanes)
    for (std::size_t lane = 0; lane < kFirLanes; ++lane) sum[lane] += h[k + lane] * x[k + lane];
  for (std::size_t half = kFirLanes / 2; half > 0; half /= 2)
    for (std::size_t lane = 0; lane < half; ++lane) sum[lane] += sum[lane + half];
  return sum[0];
}

void fir_decimate(std::span<const float> taps, std::size_t step, const float* x, std::span<float> y) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = dot(taps, x + i * step);
}

}  // namespace fmrx::dsp
