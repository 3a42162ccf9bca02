// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/wall_clock.hpp"
#include "base/error.hpp"
#include "rt/task.hpp"
#include "schedule/plan.hpp"

namespace fmrx::app {

/// What became of one time a job was to run.
struct JobReport {
  schedule::Occurrence wanted;
  UtcTime start;  ///< when it began
  UtcTime end;    ///< and ended
  bool missed = false;
  ExitStatus status = ExitStatus::done;
};

/// What the runner needs of the world.
struct JobWorld {
  UtcClock clock = utc_now;
  /// Waits until then. True: the user wants to leave.
  std::function<rt::Task<bool>(UtcTime)> wait_until;
  struct Ended {
    ExitStatus status = ExitStatus::done;
    bool left = false;  ///< because the user wants to leave
  };
  /// Runs the job of that number until `end`, from `start` on, to which the clock has not yet come.
  std::function<rt::Task<Ended>(std::size_t job, UtcTime start, UtcTime end)> run;
  std::function<void(const JobReport&)> report;
};

/// A dongle is opened so long before a job.
inline constexpr auto kJobLead = std::chrono::seconds(5);

/// Runs jobs on one receiver, each at its time, until none is left or the user leaves. Whoever came
/// first keeps the receiver; what is over by then is missed. A clock that is set back does not
/// repeat a job, one that is set forward misses what lies between.
[[nodiscard]] rt::Task<void> run_jobs(const std::vector<schedule::Timetable>& jobs, const JobWorld& world);

/// What cannot be met of the coming week, a line each, and with `all` what can, too.
[[nodiscard]] std::vector<std::string> describe_plan(const std::vector<schedule::Timetable>& jobs,
                                                     const std::vector<std::string>& names, UtcTime now,
                                                     bool all);

}  // namespace fmrx::app
