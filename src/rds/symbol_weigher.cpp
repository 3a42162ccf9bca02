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

/// The last of them are those of the next run's past.
template <std::size_t Size>
void move_on(std::array<double, Size>& values, std::size_t count) {
  std::copy(values.begin() + static_cast<std::ptrdiff_t>(count), values.end(), values.begin());
}

}  // namespace

void SymbolWeigher::start(double amplitude_power, double noise_power, double memory) {
  amplitude_power_ = amplitude_power;
  usual_noise_ = noise_power;
  recent_noise_ = noise_power;
  memory_ = std::min(memory, kLongestMemory);
  gain_ = 1 / memory_;
  filled_ = 0;
  in_phase_ = {};
  end_s_ = {};
  noises_ = {};
}

std::span<const SoftSymbol> SymbolWeigher::process(const SymbolRun& run) {
  for (std::size_t i = 0; i < SymbolRun::kMost; ++i) {
    in_phase_[kReach + i] = run.in_phase[i];
    end_s_[kReach + i] = run.end_s[i];
    noises_[kSpan - 1 + i] = run.quadrature[i] * run.quadrature[i];
  }
  measure(run);
  const OfRun sums = noise_sums();
  std::array<float, SymbolRun::kMost> llrs;
  for (std::size_t i = 0; i < SymbolRun::kMost; ++i) {
    const auto noises = static_cast<double>(std::min(filled_ + i + 1, kSpan));
    const double mean = (kUsualNoiseCounts * usual_noises_[i] + sums[i]) / (kUsualNoiseCounts + noises);
    const double local_noise = std::max(mean, kLeastNoise * amplitude_powers_[i]);
    const double llr = 2 * std::sqrt(amplitude_powers_[i]) * in_phase_[i] / local_noise;
    llrs[i] = static_cast<float>(std::min(std::max(llr, -kLargestLlr), kLargestLlr));
  }
  for (std::size_t i = 0; i < SymbolRun::kMost; ++i) weighed_[i] = {llrs[i], end_s_[i]};
  const std::size_t too_early = std::min(kReach - std::min(filled_, kReach), run.count);
  filled_ = std::min(filled_ + run.count, kSpan);
  move_on(in_phase_, run.count);
  move_on(end_s_, run.count);
  move_on(noises_, run.count);
  return std::span<const SoftSymbol>(weighed_).subspan(too_early, run.count - too_early);
}

/// Amplitude and noise, symbol by symbol.
void SymbolWeigher::measure(const SymbolRun& run) {
  // The amplitude hardly changes within a run: so no division waits for the one before.
  const double amplitude_power_before = amplitude_power_;
  for (std::size_t i = 0; i < run.count; ++i) {
    if (memory_ < kLongestMemory) gain_ = 1 / ++memory_;
    const double power = run.in_phase[i] * run.in_phase[i];
    const double noise = run.quadrature[i] * run.quadrature[i];
    recent_noise_ = std::max(recent_noise_ + (noise - recent_noise_) * (1 / kShortMemory), kNothing);
    const double weight = recent_noise_ > kUnusual * usual_noise_ ? kUnusualWeight : 1;
    usual_noise_ += weight * (std::min(noise, kUnusual * usual_noise_) - usual_noise_) * gain_;
    // As much weight as the noise allows: in a fade the amplitude is remembered.
    const double clean = amplitude_power_before / (amplitude_power_before + recent_noise_);
    amplitude_power_ += clean * clean * gain_ * (power - noise - amplitude_power_);
    const double least = 0.1 / kLongestMemory * power;
    amplitude_power_ = std::max({amplitude_power_, least, kNothing});
    amplitude_powers_[i] = amplitude_power_;
    usual_noises_[i] = usual_noise_;
  }
}

/// Around each of the symbols that the run makes known.
SymbolWeigher::OfRun SymbolWeigher::noise_sums() const {
  OfRun sums{};
  for (std::size_t k = 0; k < kSpan; ++k) {
    for (std::size_t i = 0; i < SymbolRun::kMost; ++i) sums[i] += noises_[k + i];
  }
  return sums;
}

double SymbolWeigher::amplitude() const {
  return std::sqrt(amplitude_power_);
}

}  // namespace fmrx::rds
