// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace fmrx::rds {

/// The time that group 4A tells (IEC 62106 3.1.5.6): UTC, and how far local time is ahead.
struct ClockTime {
  std::int32_t mjd = 0;  ///< modified Julian day of the UTC date: 0 to 131071
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::int8_t offset_half_hours = 0;  ///< local minus UTC: -31 to 31

  friend bool operator==(const ClockTime&, const ClockTime&) = default;
};

/// Blocks 2, 3 and 4 of a group 4A. Nothing where hour or minute cannot be.
[[nodiscard]] std::optional<ClockTime> clock_time(std::uint16_t block2, std::uint16_t block3,
                                                  std::uint16_t block4);

/// A day and a time on the clock.
struct CivilTime {
  std::int32_t year = 0;
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;

  friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

/// What a clock on the wall shows at that moment, in the Gregorian calendar. Right for every
/// day that 17 bits can tell (1858-11-17 to 2217-09-27), which the formulas of Annex G are not.
[[nodiscard]] CivilTime local_time(const ClockTime& time);

}  // namespace fmrx::rds
