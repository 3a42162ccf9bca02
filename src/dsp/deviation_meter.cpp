// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/deviation_meter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

constexpr double kInstants_Hz = 30'000;
constexpr double kWindow_s = 0.1;
constexpr float kNone = std::numeric_limits<float>::max();

std::vector<double> design(double rate_hz) {
  return kaiser_low_pass({.rate_hz = rate_hz, .pass_hz = 60e3, .stop_hz = 101e3, .attenuation_db = 60});
}

}  // namespace

DeviationMeter::DeviationMeter(const Kernels& kernels, double rate_hz, std::size_t max_block)
    : step_(static_cast<std::size_t>(rate_hz / kInstants_Hz)),
      window_(static_cast<std::uint64_t>(kWindow_s * rate_hz / static_cast<double>(step_))),
      low_pass_(kernels, design(rate_hz), step_, max_block),
      instants_(low_pass_.max_output() + kOutputSlack) {
  begin_window();
}

void DeviationMeter::process(std::span<const float> multiplex) {
  std::span<const float> instants(instants_.data(), low_pass_.due(multiplex.size()));
  low_pass_.process(multiplex, {instants_.data()});
  while (!instants.empty()) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(window_ - count_, instants.size()));
    take(instants.first(count));
    instants = instants.subspan(count);
    if (count_ == window_) conclude_window();
  }
}

void DeviationMeter::take(std::span<const float> instants) {
  float highest = highest_;
  float lowest = lowest_;
  for (const float deviation : instants) {
    highest = std::max(highest, deviation);
    lowest = std::min(lowest, deviation);
  }
  highest_ = highest;
  lowest_ = lowest;
  count_ += instants.size();
}

void DeviationMeter::conclude_window() {
  peak_ = Hertz(static_cast<double>(highest_ - lowest_) / 2 * kFullScaleDeviation_Hz);
  begin_window();
}

void DeviationMeter::begin_window() {
  count_ = 0;
  highest_ = -kNone;
  lowest_ = kNone;
}

}  // namespace fmrx::dsp
