// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace fmrx::rds {

/// A symbol as a decoder wants it.
struct SoftSymbol {
  float llr = 0;     ///< log(p(0) / p(1)), nats
  double end_s = 0;  ///< when it ended, in time of the multiplex
};

/// Symbols that are worked on together, so that they need not wait for each other.
struct SymbolRun {
  static constexpr std::size_t kSymbols = 8;
  using Values = std::array<double, kSymbols>;

  Values in_phase{};
  Values quadrature{};
  Values end_s{};
};

/// Makes likelihoods of symbols. What stands in quadrature to the carrier is noise alone, so
/// that its power around a symbol says how far the symbol can be trusted, through fades too.
class SymbolWeigher {
 public:
  /// amplitude_power: of a symbol. noise_power: in one component. memory: of how many symbols
  /// they are the result.
  void start(double amplitude_power, double noise_power, double memory);

  /// Gives the symbols that came before these by kReach, fewer after a start. Valid until the next call.
  [[nodiscard]] std::span<const SoftSymbol> process(const SymbolRun& run);

  /// Of the newest symbol, by the past alone.
  [[nodiscard]] double amplitude() const;
  [[nodiscard]] double noise_power() const { return recent_noise_; }

  static constexpr std::size_t kReach = 12;

 private:
  static constexpr std::size_t kSpan = 2 * kReach + 1;
  static constexpr std::size_t kRunsBefore = 3;
  static_assert(kSpan == kRunsBefore * SymbolRun::kSymbols + 1);
  using Values = SymbolRun::Values;

  void measure(const SymbolRun& run, const Values& noises);
  [[nodiscard]] Values noise_sums(const Values& noises);
  void remember(const SymbolRun& run);

  /// Those of the newest run, and kReach before it.
  std::array<double, kReach + SymbolRun::kSymbols> in_phase_{};
  std::array<double, kReach + SymbolRun::kSymbols> end_s_{};
  /// Noise of each of the runs before, the oldest first: from a symbol to the run's end.
  std::array<Values, kRunsBefore> noise_to_end_{};
  Values amplitude_powers_{};  ///< when each symbol of the run was the newest
  Values usual_noises_{};
  std::size_t filled_ = 0;
  double amplitude_power_ = 1;
  double usual_noise_ = 1;
  double recent_noise_ = 1;
  double memory_ = 1;
  double gain_ = 1;
  std::array<SoftSymbol, SymbolRun::kSymbols> weighed_{};
};

}  // namespace fmrx::rds
