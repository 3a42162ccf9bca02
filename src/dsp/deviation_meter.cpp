// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/deviation_meter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

constexpr double kInstants_Hz = 30'000;
constexpr double kWindow_s = 0.1;
constexpr float kNone = std::numeric_limits<float>::max();

std::vector<double> design(double rate_hz) {
  return kaiser_low_pass({.rate_hz = rate_hz, .pass_hz = 60e3, .stop_hz = 90e3, .attenuation_db = 60});
}

}  // namespace

DeviationMeter::DeviationMeter(const Kernels& kernels, double rate_hz, std::size_t max_block)
    : step_(static_cast<std::size_t>(rate_hz / kInstants_Hz)),
      window_(static_cast<std::uint64_t>(kWindow_s * rate_hz / static_cast<double>(step_))),
      low_pass_(kernels, design(rate_hz), step_, max_block),
      highest_(-kNone),
      lowest_(kNone) {}

void DeviationMeter::process(std::span<const float> multiplex) {
  low_pass_.process(multiplex);
  for (const float deviation : low_pass_.outputs()) {
    highest_ = std::max(highest_, deviation);
    lowest_ = std::min(lowest_, deviation);
    if (++count_ < window_) continue;
    peak_ = Hertz(static_cast<double>(highest_ - lowest_) / 2 * kFullScaleDeviation_Hz);
    count_ = 0;
    highest_ = -kNone;
    lowest_ = kNone;
  }
}

}  // namespace fmrx::dsp
