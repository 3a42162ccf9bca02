// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/job_runner.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace fmrx::app {

namespace {

using namespace std::chrono;
using schedule::Occurrence;

constexpr auto kHorizon = days(8);
/// What a clock that was set forward by less than this misses is told.
constexpr auto kHindsight = days(8);

nanoseconds longest(const std::vector<schedule::Timetable>& jobs) {
  nanoseconds length{0};
  for (const schedule::Timetable& job : jobs) length = std::max(length, job.length);
  return length;
}

/// The occurrences that have been dealt with, as far back as any can come again.
class Done {
 public:
  void add(const Occurrence& occurrence) {
    done_.insert({occurrence.start, occurrence.job});
    std::erase_if(done_, [&](const auto& one) { return one.first < occurrence.start - 8 * kHindsight; });
  }
  [[nodiscard]] bool has(const Occurrence& occurrence) const {
    return done_.count({occurrence.start, occurrence.job}) > 0;
  }

 private:
  std::set<std::pair<UtcTime, std::size_t>> done_;
};

/// The first that has not been dealt with. A job of a certain day may be years away; of weekly
/// ones, there is always one within the horizon.
std::optional<Occurrence> next_of(const std::vector<schedule::Timetable>& jobs, UtcTime from, UtcTime now,
                                  const Done& done) {
  for (const Occurrence& one : occurrences(jobs, from, now + kHorizon)) {
    if (!done.has(one)) return one;
  }
  std::optional<Occurrence> first;
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    if (!jobs[job].start.has_date) continue;
    const UtcTime start = resolve(jobs[job].start, now);
    const Occurrence one{job, start, start + jobs[job].length};
    if (start > now && !done.has(one) && (!first || start < first->start)) first = one;
  }
  return first;
}

std::string at(UtcTime time) {
  return format_local(time, "%a %Y-%m-%d %H:%M:%S %z");
}

}  // namespace

rt::Task<void> run_jobs(const std::vector<schedule::Timetable>& jobs, const JobWorld& world) {
  Done done;
  const UtcTime begin = world.clock();
  for (;;) {
    const UtcTime now = world.clock();
    const UtcTime from = std::max(begin, now - longest(jobs) - kHindsight);
    const std::optional<Occurrence> next = next_of(jobs, from, now, done);
    if (!next) co_return;
    JobReport report{*next, now, now, next->end <= now, ExitStatus::done};
    if (report.missed) {
      done.add(*next);
      world.report(report);
      continue;
    }
    if (next->start - kJobLead > now) {
      const bool leave = co_await world.wait_until(next->start - kJobLead);
      if (leave) co_return;
      continue;  // the clock may have been set meanwhile
    }
    report.start = std::max(now, next->start);
    const JobWorld::Ended ended = co_await world.run(next->job, report.start, next->end);
    done.add(*next);
    report.end = world.clock();
    report.status = ended.status;
    world.report(report);
    if (ended.left) co_return;
  }
}

std::vector<std::string> describe_plan(const std::vector<schedule::Timetable>& jobs,
                                       const std::vector<std::string>& names, UtcTime now, bool all) {
  std::vector<std::string> lines;
  for (const schedule::Planned& one : plan(occurrences(jobs, now, now + days(7)), now)) {
    std::string line = names[one.wanted.job] + ": " + at(one.wanted.start) + " to " + at(one.wanted.end);
    const bool has_begun = one.wanted.start < now && one.start == now;
    const std::string cause = has_begun ? "it has begun" : names[one.in_the_way] + " has the receiver";
    switch (one.verdict) {
      case schedule::Verdict::whole:
        if (all) lines.push_back(line);
        break;
      case schedule::Verdict::late:
        lines.push_back(line + ": begins late, at " + at(one.start) + ", for " + cause);
        break;
      case schedule::Verdict::missed:
        lines.push_back(line + ": cannot be met, for " + cause);
        break;
    }
  }
  return lines;
}

}  // namespace fmrx::app
