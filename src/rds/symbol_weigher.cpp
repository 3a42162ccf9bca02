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
  gain_ = 1 / memory_;
  filled_ = 0;
  in_phase_ = {};
  end_s_ = {};
  noise_to_end_ = {};
}

std::span<const SoftSymbol> SymbolWeigher::process(const SymbolRun& run) {
  Values noises;
  for (std::size_t i = 0; i < noises.size(); ++i) noises[i] = run.quadrature[i] * run.quadrature[i];
  measure(run, noises);
  const Values sums = noise_sums(noises);
  remember(run);
  Values llrs;
  for (std::size_t i = 0; i < llrs.size(); ++i) {
    const double counts = kUsualNoiseCounts + static_cast<double>(std::min(filled_ + i + 1, kSpan));
    const double noise =
        std::max(kUsualNoiseCounts * usual_noises_[i] + sums[i], counts * kLeastNoise * amplitude_powers_[i]);
    const double llr = 2 * std::sqrt(amplitude_powers_[i]) * in_phase_[i] * counts / noise;
    llrs[i] = std::min(std::max(llr, -kLargestLlr), kLargestLlr);
  }
  for (std::size_t i = 0; i < llrs.size(); ++i) weighed_[i] = {static_cast<float>(llrs[i]), end_s_[i]};
  const std::size_t too_early = std::min(kReach - std::min(filled_, kReach), weighed_.size());
  filled_ = std::min(filled_ + weighed_.size(), kSpan);
  return std::span<const SoftSymbol>(weighed_).subspan(too_early);
}

/// Amplitude and noise, symbol by symbol.
void SymbolWeigher::measure(const SymbolRun& run, const Values& noises) {
  // The amplitude hardly changes within a run: so no division waits for the one before.
  const double amplitude_power_before = amplitude_power_;
  for (std::size_t i = 0; i < noises.size(); ++i) {
    if (memory_ < kLongestMemory) gain_ = 1 / ++memory_;
    const double power = run.in_phase[i] * run.in_phase[i];
    const double noise = noises[i];
    recent_noise_ = std::max(recent_noise_ + (noise - recent_noise_) * (1 / kShortMemory), kNothing);
    const double weight = recent_noise_ > kUnusual * usual_noise_ ? kUnusualWeight : 1;
    usual_noise_ += weight * gain_ * (std::min(noise, kUnusual * usual_noise_) - usual_noise_);
    // As much weight as the noise allows: in a fade the amplitude is remembered.
    const double clean = amplitude_power_before / (amplitude_power_before + recent_noise_);
    amplitude_power_ += clean * clean * gain_ * (power - noise - amplitude_power_);
    const double least = 0.1 / kLongestMemory * power;
    amplitude_power_ = std::max({amplitude_power_, least, kNothing});
    amplitude_powers_[i] = amplitude_power_;
    usual_noises_[i] = usual_noise_;
  }
}

/// Over kSpan symbols, of which each of the run is the newest: what is left of the oldest run, two whole
/// runs, and this one so far.
SymbolWeigher::Values SymbolWeigher::noise_sums(const Values& noises) {
  const double between = noise_to_end_[1][0] + noise_to_end_[2][0];
  Values sums;
  double so_far = between;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    so_far += noises[i];
    sums[i] = noise_to_end_[0][i] + so_far;
  }
  noise_to_end_[0] = noise_to_end_[1];
  noise_to_end_[1] = noise_to_end_[2];
  double to_end = 0;
  for (std::size_t i = noises.size(); i-- > 0;) noise_to_end_[2][i] = to_end += noises[i];
  return sums;
}

void SymbolWeigher::remember(const SymbolRun& run) {
  std::copy_n(in_phase_.begin() + SymbolRun::kSymbols, kReach, in_phase_.begin());
  std::copy_n(end_s_.begin() + SymbolRun::kSymbols, kReach, end_s_.begin());
  std::copy(run.in_phase.begin(), run.in_phase.end(), in_phase_.begin() + kReach);
  std::copy(run.end_s.begin(), run.end_s.end(), end_s_.begin() + kReach);
}

double SymbolWeigher::amplitude() const {
  return std::sqrt(amplitude_power_);
}

}  // namespace fmrx::rds
