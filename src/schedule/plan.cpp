// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "schedule/plan.hpp"

#include <algorithm>
#include <tuple>

namespace fmrx::schedule {

namespace {

using namespace std::chrono;

void add_weekly(std::vector<Occurrence>& found, std::size_t job, const Timetable& times, UtcTime from,
                UtcTime until) {
  // From the day on which one may have begun that still runs, and one more for local time.
  const CivilTime first_day = local_time(from - times.length - days(1));
  const auto span_days = static_cast<int>(duration_cast<days>(until - from + times.length).count()) + 3;
  for (int later = 0; later <= span_days; ++later) {
    const UtcTime start = on_day(first_day, later, times.start.civil);
    // By its noon: the start itself may lie on the next day where clocks skip midnight.
    const CivilTime day = local_time(on_day(first_day, later, {1970, 1, 1, 12, 0, 0}));
    const bool is_wanted = (times.days >> weekday_of(day) & 1U) != 0;
    if (is_wanted && start + times.length > from && start < until)
      found.push_back({job, start, start + times.length});
  }
}

}  // namespace

std::vector<Occurrence> occurrences(const std::vector<Timetable>& jobs, UtcTime from, UtcTime until) {
  std::vector<Occurrence> found;
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    const Timetable& times = jobs[job];
    if (!times.start.has_date) {
      add_weekly(found, job, times, from, until);
      continue;
    }
    const UtcTime start = resolve(times.start, from);
    if (start + times.length > from && start < until) found.push_back({job, start, start + times.length});
  }
  // Of two that start together, the job that was listed first comes first.
  std::ranges::sort(found, {}, [](const Occurrence& one) { return std::tie(one.start, one.job); });
  return found;
}

std::vector<Planned> plan(const std::vector<Occurrence>& wanted, UtcTime now) {
  std::vector<Planned> planned;
  UtcTime free_at = now;
  std::size_t holder = 0;
  for (const Occurrence& occurrence : wanted) {
    Planned entry{occurrence, std::max(occurrence.start, free_at), Verdict::whole, holder};
    if (entry.start > occurrence.start) entry.verdict = Verdict::late;
    if (entry.start >= occurrence.end) entry.verdict = Verdict::missed;
    if (entry.verdict != Verdict::missed) {
      free_at = occurrence.end;
      holder = occurrence.job;
    }
    planned.push_back(entry);
  }
  return planned;
}

}  // namespace fmrx::schedule
