// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "rds/group.hpp"

namespace fmrx::rds {

/// How far what comes can be believed.
class ReceptionQuality {
 public:
  void take(const Group& group) {
    constexpr float kPerBlock = 1.0F / 64;
    for (const Block& block : group.blocks)
      failures_ += kPerBlock * ((block.received() ? 0.0F : 1.0F) - failures_);
  }

  /// Pairs of text that came, in all, and those that were taken back since they came only once.
  void take_text(std::uint32_t pairs, std::uint32_t errors) {
    recent_pairs_ += pairs - pairs_;
    recent_errors_ += errors - errors_;
    pairs_ = pairs;
    errors_ = errors;
    constexpr std::uint32_t kMemory_pairs = 4000;
    if (recent_pairs_ < kMemory_pairs) return;
    recent_pairs_ /= 2;
    recent_errors_ /= 2;
  }

  /// So many blocks fail that of the corrected ones some are wrong.
  [[nodiscard]] bool is_poor() const { return failures_ > 0.1F; }

  /// Wrong blocks get through unmarked: true of many logs, not of fmrx's own decoder.
  [[nodiscard]] bool is_noisy() const {
    constexpr std::uint32_t kLeast = 2;
    constexpr std::uint32_t kPairsPerError = 250;
    return recent_errors_ >= kLeast && recent_errors_ * kPairsPerError > recent_pairs_;
  }

 private:
  float failures_ = 0;
  std::uint32_t pairs_ = 0;
  std::uint32_t errors_ = 0;
  std::uint32_t recent_pairs_ = 0;
  std::uint32_t recent_errors_ = 0;
};

}  // namespace fmrx::rds
