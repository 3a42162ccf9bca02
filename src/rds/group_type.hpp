// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace fmrx::rds {

/// What a group is: 0A to 15B (IEC 62106 3.1.3).
struct GroupType {
  std::uint8_t number = 0;  ///< 0 to 15
  bool version_b = false;

  [[nodiscard]] constexpr unsigned code() const { return 2U * number + (version_b ? 1U : 0U); }
  friend constexpr bool operator==(GroupType, GroupType) = default;
};

/// Block 2 begins with the type.
[[nodiscard]] constexpr GroupType group_type(std::uint16_t block2) {
  return {static_cast<std::uint8_t>(block2 >> 12), (block2 & 0x0800) != 0};
}

}  // namespace fmrx::rds
