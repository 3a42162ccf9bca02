// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/clock_time.hpp"

#include <chrono>

namespace fmrx::rds {

std::optional<ClockTime> clock_time(std::uint16_t block2, std::uint16_t block3, std::uint16_t block4) {
  ClockTime time;
  time.mjd = (block2 & 3) << 15 | block3 >> 1;
  time.hour = static_cast<std::uint8_t>((block3 & 1) << 4 | block4 >> 12);
  time.minute = static_cast<std::uint8_t>(block4 >> 6 & 0x3F);
  const int half_hours = block4 & 0x1F;
  time.offset_half_hours = static_cast<std::int8_t>((block4 & 0x20) != 0 ? -half_hours : half_hours);
  if (time.hour > 23 || time.minute > 59) return std::nullopt;
  return time;
}

CivilTime local_time(const ClockTime& time) {
  using namespace std::chrono;
  constexpr sys_days kMjdEpoch = year(1858) / November / 17;
  const auto local =
      kMjdEpoch + days(time.mjd) + hours(time.hour) + minutes(time.minute + 30 * int{time.offset_half_hours});
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss clock(local - day);
  return {static_cast<int>(date.year()), static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(date.day())),
          static_cast<std::uint8_t>(clock.hours().count()),
          static_cast<std::uint8_t>(clock.minutes().count())};
}

}  // namespace fmrx::rds
