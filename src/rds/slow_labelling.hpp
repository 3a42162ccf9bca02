// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace fmrx::rds {

/// Block 3 of group 1A (IEC 62106 3.1.5.2): one of several slow labels, told apart by a variant.
struct SlowLabel {
  enum class Kind : std::uint8_t {
    extended_country_code = 0,
    tmc_identification = 1,
    paging_identification = 2,
    language = 3,
    broadcasters_use = 6,
    emergency_warning_channel = 7,
  };

  bool linkage_actuator = false;
  std::uint8_t variant = 0;
  std::uint16_t value = 0;  ///< 12 bits; country code and language are the low 8

  [[nodiscard]] Kind kind() const { return static_cast<Kind>(variant); }
  [[nodiscard]] std::uint8_t low_byte() const { return static_cast<std::uint8_t>(value & 0xFF); }
};

[[nodiscard]] constexpr SlowLabel slow_label(std::uint16_t block3) {
  return {(block3 & 0x8000) != 0, static_cast<std::uint8_t>(block3 >> 12 & 7),
          static_cast<std::uint16_t>(block3 & 0xFFF)};
}

/// When the programme that is on was to begin: block 4 of groups 1A and 1B (3.1.5.2).
struct ProgrammeItem {
  std::uint16_t number = 0;  ///< all 16 bits

  [[nodiscard]] unsigned day() const { return number >> 11; }
  [[nodiscard]] unsigned hour() const { return number >> 6 & 0x1F; }
  [[nodiscard]] unsigned minute() const { return number & 0x3F; }
  /// Day 0 says that there is none.
  [[nodiscard]] bool is_valid() const { return day() >= 1 && hour() <= 23 && minute() <= 59; }

  friend bool operator==(const ProgrammeItem&, const ProgrammeItem&) = default;
};

}  // namespace fmrx::rds
