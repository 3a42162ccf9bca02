// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "rds/block_estimate.hpp"

namespace fmrx::rds {

/// How often something came true, as an estimate of its probability: (hits + 1/2) / (trials + 1)
/// (Krichevsky and Trofimov 1981), of the last hundred or so.
class Odds {
 public:
  void observe(bool hit) {
    hits_ = kFading * hits_ + (hit ? 1 : 0);
    trials_ = kFading * trials_ + 1;
  }
  [[nodiscard]] double probability() const { return (hits_ + 0.5) / (trials_ + 1); }

 private:
  static constexpr double kFading = 0.99;
  double hits_ = 0;
  double trials_ = 0;
};

/// What a station has sent so far, as far as it helps to understand what it sends next. How far
/// that is, it learns from the station, too.
class StationMemory {
 public:
  /// All blocks A together.
  std::optional<Repetition> first_blocks;
  /// The PI that was received last.
  std::optional<std::uint16_t> pi;

  /// Contents of block B that were received, with how often each may come again.
  [[nodiscard]] std::span<const ExpectedBlock> second_blocks() const { return {expected_.data(), seconds_}; }
  void received_second(std::uint16_t information);

  /// Blocks C and D (index 2 and 3) of groups whose block B says that they repeat something.
  /// Null when there is none yet.
  [[nodiscard]] Repetition* find(std::uint16_t second, std::size_t block);
  /// Whether they do say the same again, by type of group.
  [[nodiscard]] Odds& repeats(std::uint16_t second, std::size_t block) {
    return repeats_[(second >> 11) * 2 + (block - 2)];
  }
  /// A new one, in place of the one that was not asked for the longest.
  Repetition& make(std::uint16_t second, std::size_t block);

 private:
  static constexpr std::size_t kSeconds = 48;
  static constexpr std::size_t kRepetitions = 128;

  struct Second {
    std::uint16_t information = 0;
    double weight = 0;
  };
  struct Slot {
    std::uint32_t key = 0;
    std::uint64_t used = 0;
    Repetition repetition;
  };

  std::array<Second, kSeconds> second_{};
  std::array<ExpectedBlock, kSeconds> expected_{};
  std::size_t seconds_ = 0;
  Odds familiar_;
  std::array<Odds, 64> repeats_{};
  std::array<Slot, kRepetitions> slots_{};
  std::uint64_t uses_ = 0;
};

}  // namespace fmrx::rds
