// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/symbol_weigher.hpp"

#include <algorithm>
#include <cmath>

namespace fmrx::rds {
namespace {

constexpr double kLongestMemory = 600;  // half a second
constexpr double kShortMemory = 24;

/// The noise around a symbol is averaged with the usual noise, as if that were so many symbols.
constexpr double kUsualNoiseCounts = 12;

/// Noise so far above the usual is a burst or a fade. It hardly counts as usual.
constexpr double kUnusual = 8;
constexpr double kUnusualWeight = 0.05;

/// Digital silence has no power at all, and nothing may be divided by that.
constexpr double kNothing = 1e-30;

/// No signal is so clean that a symbol could not be wrong.
constexpr double kLeastNoise = 1e-3;
constexpr double kLargestLlr = 30;

}  // namespace

void SymbolWeigher::start(double amplitude_power, double noise_power, double memory) {
  amplitude_power_ = amplitude_power;
  usual_noise_ = noise_power;
  recent_noise_ = noise_power;
  memory_ = std::min(memory, kLongestMemory);
  filled_ = 0;
  next_ = 0;
  entries_ = {};
  noises_ = {};
}

std::optional<SoftSymbol> SymbolWeigher::process(double in_phase, double quadrature, double end_s) {
  if (memory_ < kLongestMemory) ++memory_;
  const double gain = 1 / memory_;
  const double noise = quadrature * quadrature;
  recent_noise_ = std::max(recent_noise_ + (noise - recent_noise_) * (1 / kShortMemory), kNothing);
  const double weight = recent_noise_ > kUnusual * usual_noise_ ? kUnusualWeight : 1;
  usual_noise_ += weight * (std::min(noise, kUnusual * usual_noise_) - usual_noise_) * gain;
  // As much weight as the noise allows: in a fade the amplitude is remembered.
  const double clean = amplitude_power_ / (amplitude_power_ + recent_noise_);
  amplitude_power_ += clean * clean * (in_phase * in_phase - noise - amplitude_power_) * gain;
  const double least = 0.1 / kLongestMemory * in_phase * in_phase;
  amplitude_power_ = std::max({amplitude_power_, least, kNothing});

  const double sum = kUsualNoiseCounts * usual_noise_ + noise + sum_of_noises();
  entries_[next_] = {in_phase, end_s};
  noises_[next_] = noise;
  next_ = (next_ + 1) % kSpan;
  noises_[next_] = 0;
  filled_ = std::min(filled_ + 1, kSpan);
  if (filled_ <= kReach) return std::nullopt;

  const double mean = sum / (kUsualNoiseCounts + static_cast<double>(filled_));
  const double local_noise = std::max(mean, kLeastNoise * amplitude_power_);
  const Entry& entry = entries_[(next_ + kSpan - 1 - kReach) % kSpan];
  const double llr = 2 * amplitude() * entry.in_phase / local_noise;
  return SoftSymbol{static_cast<float>(std::clamp(llr, -kLargestLlr, kLargestLlr)), entry.end_s};
}

/// Of all but the newest, whose place is empty: what was just stored would be waited for. Four sums
/// side by side do not wait for each other.
double SymbolWeigher::sum_of_noises() const {
  std::array<double, 4> sums{};
  for (std::size_t i = 0; i < noises_.size(); i += sums.size()) {
    for (std::size_t lane = 0; lane < sums.size(); ++lane) sums[lane] += noises_[i + lane];
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

double SymbolWeigher::amplitude() const {
  return std::sqrt(amplitude_power_);
}

}  // namespace fmrx::rds
