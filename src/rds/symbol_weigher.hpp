// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace fmrx::rds {

/// A symbol as a decoder wants it.
struct SoftSymbol {
  float llr = 0;     ///< log(p(0) / p(1)), nats
  double end_s = 0;  ///< when it ended, in time of the multiplex
};

/// Makes likelihoods of symbols. What stands in quadrature to the carrier is noise alone, so
/// that its power around a symbol says how far the symbol can be trusted, through fades too.
class SymbolWeigher {
 public:
  /// amplitude_power: of a symbol. noise_power: in one component. memory: of how many symbols
  /// they are the result.
  void start(double amplitude_power, double noise_power, double memory);

  /// Takes a symbol, in phase and in quadrature, and gives the one before it by kReach, if any.
  [[nodiscard]] std::optional<SoftSymbol> process(double in_phase, double quadrature, double end_s);

  /// Of the newest symbol, by the past alone.
  [[nodiscard]] double amplitude() const;
  [[nodiscard]] double noise_power() const { return recent_noise_; }

  static constexpr std::size_t kReach = 12;

 private:
  static constexpr std::size_t kSpan = 2 * kReach + 1;

  struct Entry {
    double in_phase = 0;
    double end_s = 0;
  };

  [[nodiscard]] double sum_of_noises() const;

  std::array<Entry, kSpan> entries_{};
  /// Of the same symbols but the oldest, whose place is empty; the rest, up to whole registers, too.
  std::array<double, (kSpan + 3) / 4 * 4> noises_{};
  std::size_t next_ = 0;
  std::size_t filled_ = 0;
  double amplitude_power_ = 1;
  double usual_noise_ = 1;
  double recent_noise_ = 1;
  double memory_ = 1;
};

}  // namespace fmrx::rds
