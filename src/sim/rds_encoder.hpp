// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "sim/station.hpp"

namespace fmrx::sim {

/// The date of the simulated clock at sample 0: 2026-01-01, 11:59:57 UTC, so that
/// the first clock group ends 3 s later.
inline constexpr std::uint32_t kClockStartMjd = 61'041;
inline constexpr std::uint32_t kClockStartSecondOfDay = 11 * 3600 + 59 * 60 + 57;

/// The offset words of IEC 62106 Annex A, added to the checkword to tell the
/// blocks of a group apart.
enum class RdsOffset : std::uint16_t { a = 0x0FC, b = 0x198, c = 0x168, c_prime = 0x350, d = 0x1B4 };

/// A block of 26 bits: 16 of information, 10 of checkword (IEC 62106 2.3).
[[nodiscard]] std::uint32_t rds_block(std::uint16_t information, RdsOffset offset);

/// The bits of a station's RDS: groups 0A and 2A in turn, and 4A at each minute.
class RdsEncoder {
 public:
  RdsEncoder(const RdsIdentity& identity, bool stereo) : identity_(identity), stereo_(stereo) {}

  /// The next bit on the air, differentially coded.
  [[nodiscard]] bool next_bit();

 private:
  using Group = std::array<std::uint16_t, 4>;

  static constexpr unsigned kBlockBits = 26;
  static constexpr unsigned kGroupBits = 4 * kBlockBits;

  [[nodiscard]] Group next_group();
  [[nodiscard]] Group basic_tuning();
  [[nodiscard]] Group radiotext();
  [[nodiscard]] Group clock(std::uint64_t minutes_since_start) const;
  [[nodiscard]] std::uint16_t block_b(unsigned type, unsigned rest) const;
  [[nodiscard]] std::uint16_t next_alternatives();

  RdsIdentity identity_;
  bool stereo_;
  std::array<std::uint32_t, 4> blocks_{};
  unsigned position_ = kGroupBits;  ///< in the group
  bool last_bit_ = false;
  std::uint64_t groups_ = 0;
  std::uint64_t minutes_ = 0;  ///< clock groups sent
  bool radiotext_is_next_ = false;
  unsigned ps_segment_ = 0;
  unsigned radiotext_segment_ = 0;
  std::size_t alternative_pair_ = 0;
};

}  // namespace fmrx::sim
