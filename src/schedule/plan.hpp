// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/local_time.hpp"
#include "schedule/moment.hpp"

namespace fmrx::schedule {

/// When a job is to run: once, or every week on some days.
struct Timetable {
  Moment start;           ///< with a date: once
  std::uint8_t days = 0;  ///< one bit each, Monday first; 0 with a date
  std::chrono::nanoseconds length{0};
};

/// One time a job is to run. It is known by its job and its start.
struct Occurrence {
  std::size_t job = 0;
  UtcTime start;
  UtcTime end;

  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

/// All that end after `from` and start before `until`, by their start; of those that start at once,
/// by the order of the jobs. An occurrence lasts its length, whatever the clocks on the wall do.
[[nodiscard]] std::vector<Occurrence> occurrences(const std::vector<Timetable>& jobs, UtcTime from,
                                                  UtcTime until);

enum class Verdict : std::uint8_t {
  whole,
  late,   ///< it begins when the one before it has ended
  missed  ///< nothing is left of it by then
};

struct Planned {
  Occurrence wanted;
  UtcTime start;  ///< when it really begins
  Verdict verdict = Verdict::whole;
  std::size_t in_the_way = 0;  ///< the job that it has to wait for, unless whole
};

/// What one receiver can do of them: whoever came first keeps it to its end. `now` is when the plan
/// begins; what has begun before it is late.
[[nodiscard]] std::vector<Planned> plan(const std::vector<Occurrence>& wanted, UtcTime now);

}  // namespace fmrx::schedule
