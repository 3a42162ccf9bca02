// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/deviation_meter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dsp/filter_design.hpp"
#include "dsp/fir.hpp"

namespace fmrx::dsp {
namespace {

constexpr double kInstants_Hz = 30'000;
constexpr double kWindow_s = 0.1;
constexpr float kNone = std::numeric_limits<float>::max();

std::vector<float> design(double rate_hz) {
  return padded_taps(
      kaiser_low_pass({.rate_hz = rate_hz, .pass_hz = 60e3, .stop_hz = 90e3, .attenuation_db = 60}));
}

}  // namespace

DeviationMeter::DeviationMeter(double rate_hz, std::size_t max_block)
    : taps_(design(rate_hz)),
      step_(static_cast<std::size_t>(rate_hz / kInstants_Hz)),
      window_(static_cast<std::uint64_t>(kWindow_s * rate_hz / static_cast<double>(step_))),
      input_(0, max_block + taps_.size() + step_),
      low_passed_(max_block / step_ + 1),
      highest_(-kNone),
      lowest_(kNone) {}

void DeviationMeter::process(std::span<const float> multiplex) {
  input_.append(multiplex);
  const std::size_t instants = input_.size() < taps_.size() ? 0 : (input_.size() - taps_.size()) / step_ + 1;
  const std::span<float> low_passed(low_passed_.data(), instants);
  fir_decimate(taps_, step_, input_.data(), low_passed);
  input_.drop(instants * step_);
  for (const float deviation : low_passed) {
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
