// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/rate_plan.hpp"

#include <string>

#include "base/error.hpp"

namespace fmrx::dsp {
namespace {

constexpr std::uint32_t kLowestInput = 225'000;
constexpr std::uint32_t kHighestInput = 3'200'000;
constexpr std::uint32_t kUsualIf = 480'000;
constexpr std::uint32_t kLowestIf = 384'000;
constexpr std::uint32_t kLowestBaseband = 96'000;

SampleRate checked(SampleRate input) {
  if (input.value() < kLowestInput || input.value() > kHighestInput)
    throw Error(ExitStatus::usage,
                "IQ rate " + std::to_string(input.value()) + " S/s is out of range: use 225000 to 3200000");
  return input;
}

std::uint32_t if_decimation_for(std::uint32_t rate) {
  const std::uint32_t nearest = (rate + kUsualIf / 2) / kUsualIf;
  if (nearest <= 1) return 1;
  return rate / nearest >= kLowestIf ? nearest : nearest - 1;
}

}  // namespace

RatePlan::RatePlan(SampleRate input_rate)
    : input(checked(input_rate)),
      if_decimation(if_decimation_for(input.value())),
      baseband_decimation(input.value() / if_decimation / kLowestBaseband) {}

}  // namespace fmrx::dsp
