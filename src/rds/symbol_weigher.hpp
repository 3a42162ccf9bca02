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
  static constexpr std::size_t kMost = 8;

  std::size_t count = 0;
  std::array<double, kMost> in_phase{};
  std::array<double, kMost> quadrature{};
  std::array<double, kMost> end_s{};
};

/// Makes likelihoods of symbols. What stands in quadrature to the carrier is noise alone, so
/// that its power around a symbol says how far the symbol can be trusted, through fades too.
class SymbolWeigher {
 public:
  /// amplitude_power: of a symbol. noise_power: in one component. memory: of how many symbols
  /// they are the result.
  void start(double amplitude_power, double noise_power, double memory);

  /// Takes a run of symbols, and gives those before them by kReach, as far as there are any: as many,
  /// or fewer after a start. Valid until the next call.
  [[nodiscard]] std::span<const SoftSymbol> process(const SymbolRun& run);

  /// Of the newest symbol, by the past alone.
  [[nodiscard]] double amplitude() const;
  [[nodiscard]] double noise_power() const { return recent_noise_; }

  static constexpr std::size_t kReach = 12;

 private:
  static constexpr std::size_t kSpan = 2 * kReach + 1;
  /// A value for each symbol of a run.
  using OfRun = std::array<double, SymbolRun::kMost>;

  void measure(const SymbolRun& run);
  [[nodiscard]] OfRun noise_sums() const;

  // Those of the newest run, and so many before them as still count.
  std::array<double, kReach + SymbolRun::kMost> in_phase_{};
  std::array<double, kReach + SymbolRun::kMost> end_s_{};
  std::array<double, kSpan - 1 + SymbolRun::kMost> noises_{};
  OfRun amplitude_powers_{};  ///< when each symbol of the run was the newest
  OfRun usual_noises_{};
  std::size_t filled_ = 0;
  double amplitude_power_ = 1;
  double usual_noise_ = 1;
  double recent_noise_ = 1;
  double memory_ = 1;
  double gain_ = 1;
  std::array<SoftSymbol, SymbolRun::kMost> weighed_{};
};

}  // namespace fmrx::rds
