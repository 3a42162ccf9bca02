// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "rds/soft_block.hpp"

namespace fmrx::rds {

/// Finds where groups begin: a sequential likelihood ratio test of each of the 104 places. Each
/// block that ends where a place expects it adds to that place's evidence, in nats.
class GroupPhase {
 public:
  /// A window that ends with symbol `last` was seen. `known`: a place that others observe.
  void observe(std::int64_t last, const OffsetLikelihoods& likelihoods, std::optional<std::size_t> known);

  /// The same for the one block of a group that begins at `phase`, when its likelihood ratio to
  /// random bits is known better.
  void observe_block(std::size_t phase, double likelihood);

  void set(std::size_t phase, double evidence) { evidence_[phase] = evidence; }
  void forget_others(std::size_t phase);

  [[nodiscard]] double evidence(std::size_t phase) const { return evidence_[phase]; }
  [[nodiscard]] std::size_t likeliest() const;

  /// Evidence that is believed: chance reaches it once in exp(18) trials at most.
  static constexpr double kBelieved = 18;
  /// There is never more, so that what changes is noticed.
  static constexpr double kMost = 40;
  /// The probability that something is received as no block of any kind.
  static constexpr double kSpoilt = 0.002;

 private:
  std::array<double, kGroupBits> evidence_{};
};

}  // namespace fmrx::rds
