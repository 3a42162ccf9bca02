// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

/// The wall clock, and the civil time of the place that the TZ variable or the system names.
namespace fmrx {

using UtcTime = std::chrono::sys_time<std::chrono::nanoseconds>;

[[nodiscard]] UtcTime utc_now();

/// A clock that nobody sets and that counts through a suspend, where the system has one.
[[nodiscard]] std::chrono::nanoseconds steady_now();

/// These two, or what a test has instead.
struct Clocks {
  std::function<UtcTime()> utc = utc_now;
  std::function<std::chrono::nanoseconds()> steady = steady_now;
};

/// A date and time as they stand on the wall, without saying which place's.
struct CivilTime {
  int year = 1970;
  int month = 1;  ///< 1 to 12
  int day = 1;    ///< 1 to 31
  int hour = 0;
  int minute = 0;
  int second = 0;

  friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

/// How far the local civil time is ahead of UTC at that moment.
[[nodiscard]] std::chrono::seconds utc_offset(UtcTime time);

[[nodiscard]] CivilTime local_time(UtcTime time);

/// The moment of a local civil time. One that exists twice, when clocks are set back, means the
/// first; one that does not exist, when they are set forward, the moment they are set.
[[nodiscard]] UtcTime from_local(const CivilTime& civil);

/// As strftime() with `pattern`, in local civil time.
[[nodiscard]] std::string format_local(UtcTime time, const std::string& pattern);

/// "2026-11-21T03:17:40.250Z": to the millisecond, rounded down.
[[nodiscard]] std::string format_utc(UtcTime time);
/// What format_utc() writes, with or without a fraction; nothing for anything else.
[[nodiscard]] std::optional<UtcTime> parse_utc(const std::string& text);

/// "2026-11-21T04:17:40+01:00": local civil time with its offset, to the second.
[[nodiscard]] std::string format_local_iso(UtcTime time);

/// The next moment after `time` at which the local clock shows a multiple of `period` since
/// midnight; where clocks are set past one, the moment they are set. `period` divides a day.
[[nodiscard]] UtcTime next_on_clock(UtcTime time, std::chrono::seconds period);

}  // namespace fmrx
