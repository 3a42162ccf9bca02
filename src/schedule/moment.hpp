// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/local_time.hpp"

namespace fmrx::schedule {

/// A time as people write it: of day, or of a certain day.
struct Moment {
  CivilTime civil;  ///< its date counts only with has_date
  bool has_date = false;
  std::optional<std::chrono::seconds> utc_offset{};  ///< "Z", "+01:00"; else local

  friend bool operator==(const Moment&, const Moment&) = default;
};

/// "20:00", "20:00:30", "2026-11-21T20:00", "2026-11-21 20:00:30", with a date also followed by "Z"
/// or "+01:00". Throws fmrx::Error (usage).
[[nodiscard]] Moment parse_moment(std::string_view text);

/// The moment of a date; the next such time of day at or after `from` otherwise.
[[nodiscard]] UtcTime resolve(const Moment& moment, UtcTime from);

/// The same time of day, so many days after that of `day`. Clocks that are set: see from_local().
[[nodiscard]] UtcTime on_day(const CivilTime& day, int days_later, const CivilTime& time_of_day);

/// 0 for Monday to 6 for Sunday.
[[nodiscard]] int weekday_of(const CivilTime& day);

}  // namespace fmrx::schedule
