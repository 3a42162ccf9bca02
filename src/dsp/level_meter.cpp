// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/level_meter.hpp"

#include <algorithm>
#include <cmath>

namespace fmrx::dsp {
namespace {

constexpr double kWindow_s = 0.1;

/// One sample in so many is enough for two moments.
constexpr std::uint64_t kThinning = 8;

Decibels decibels(double power, double lowest) {
  return Decibels(10 * std::log10(std::max(power, lowest)));
}

}  // namespace

LevelMeter::LevelMeter(double rate_hz, Hertz noise_bandwidth)
    : window_(static_cast<std::uint64_t>(kWindow_s * rate_hz / kThinning)),
      noise_in_200_khz_(200e3 / noise_bandwidth.value()) {}

void LevelMeter::process(ComplexView channel) {
  const std::uint64_t count = channel.size();
  const std::uint64_t first = (kThinning - index_ % kThinning) % kThinning;
  for (std::uint64_t n = first; n < count; n += kThinning) {
    const auto re = static_cast<double>(channel.re[n]);
    const auto im = static_cast<double>(channel.im[n]);
    const double power = re * re + im * im;
    second_moment_ += power;
    fourth_moment_ += power * power;
    if (++count_ == window_) conclude();
  }
  index_ += count;
}

void LevelMeter::conclude() {
  const double m2 = second_moment_ / static_cast<double>(count_);
  const double m4 = fourth_moment_ / static_cast<double>(count_);
  const double carrier = std::sqrt(std::max(0.0, 2 * m2 * m2 - m4));
  const double noise = std::max(m2 - carrier, carrier * 1e-6) * noise_in_200_khz_;
  carrier_ = decibels(carrier, 1e-20);
  carrier_to_noise_ = noise > 0 ? decibels(carrier / noise, 1e-3) : Decibels(0);
  carrier_to_noise_ = std::min(carrier_to_noise_, Decibels(60));
  count_ = 0;
  second_moment_ = 0;
  fourth_moment_ = 0;
}

}  // namespace fmrx::dsp
