// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Jobs on the virtual clock: nothing waits, and a wall clock beside it can be set.
#include "app/job_runner.hpp"

#include <string>
#include <vector>

#include "rt/run.hpp"
#include "rt/sleep.hpp"
#include "support/catch2.hpp"
#include "support/poller_simulated.hpp"
#include "support/time_zone.hpp"

using namespace fmrx;
using namespace fmrx::app;
using namespace std::chrono_literals;
using schedule::parse_moment;
using schedule::Timetable;

namespace {

constexpr std::uint8_t kDaily = 0b111'1111;

UtcTime utc(const std::string& text) {
  return parse_utc(text).value();
}

/// A day's wall clock beside the loop's virtual time.
class World {
 public:
  explicit World(const std::string& start) : start_(utc(start)) {}

  [[nodiscard]] UtcTime now() const {
    return start_ + (rt::EventLoop::current().now().time_since_epoch()) + set_;
  }

  /// All reports until `leave_at`.
  std::vector<JobReport> run(const std::vector<Timetable>& jobs, const std::string& leave_at) {
    rt::EventLoop loop(std::make_unique<rt::SimulatedPoller>());
    leave_at_ = utc(leave_at);
    JobWorld world;
    world.clock = [this] { return now(); };
    world.wait_until = [this](UtcTime due) { return wait(due); };
    world.run = [this](std::size_t job, UtcTime start, UtcTime end) { return record(job, start, end); };
    world.report = [this](const JobReport& report) { reports_.push_back(report); };
    rt::run(loop, run_jobs(jobs, world));
    return reports_;
  }

  void set_clock(const std::string& when, std::chrono::nanoseconds by) {
    set_at_ = utc(when);
    set_by_ = by;
  }
  ExitStatus status = ExitStatus::done;

 private:
  void look() {
    if (set_by_ != 0ns && now() >= set_at_) set_ += std::exchange(set_by_, 0ns);
  }
  rt::Task<bool> wait(UtcTime due) {
    while (now() < due) {
      if (now() >= leave_at_) co_return true;
      co_await rt::sleep_for(std::min<std::chrono::nanoseconds>(due - now(), kLook));
      look();
    }
    co_return false;
  }
  rt::Task<JobWorld::Ended> record(std::size_t, UtcTime, UtcTime end) {
    co_await wait(end);
    JobWorld::Ended ended;
    ended.status = status;
    co_return ended;
  }

  UtcTime start_;
  UtcTime leave_at_;
  std::chrono::nanoseconds set_{0};
  UtcTime set_at_;
  std::chrono::nanoseconds set_by_{0};
  std::vector<JobReport> reports_;
};

Timetable once(const std::string& start, std::chrono::nanoseconds length) {
  return {parse_moment(start), 0, length};
}
Timetable daily(const std::string& start, std::chrono::nanoseconds length) {
  return {parse_moment(start), kDaily, length};
}

}  // namespace

TEST_CASE("jobs run at their times, one after the other, and the run ends with the last") {
  const test::TimeZone zone("UTC0");
  World world("2026-11-21T12:00:00Z");
  const auto reports =
      world.run({once("2026-11-21T20:00", 1h), once("2026-11-21T21:00", 30min), once("2027-06-01T10:00", 1h)},
                "2028-01-01T00:00:00Z");
  REQUIRE(reports.size() == 3);
  CHECK(reports[0].start == utc("2026-11-21T20:00:00Z"));
  CHECK(reports[0].end == utc("2026-11-21T21:00:00Z"));
  CHECK(reports[1].start == utc("2026-11-21T21:00:00Z"));
  CHECK(reports[2].start == utc("2027-06-01T10:00:00Z"));
  for (const JobReport& report : reports) CHECK_FALSE(report.missed);
}

TEST_CASE("weekly jobs go on until the user leaves") {
  const test::TimeZone zone(test::kCentralEurope);
  World world("2026-03-20T12:00:00Z");
  // Over the change to summer time: 20:00 is 19:00 UTC before, 18:00 after.
  const auto reports = world.run({daily("20:00", 1h)}, "2026-04-10T12:00:00Z");
  REQUIRE(reports.size() == 21);
  for (const JobReport& report : reports) {
    const CivilTime local = local_time(report.start);
    CHECK(local.hour == 20);
    CHECK(report.end - report.start == 1h);
  }
}

TEST_CASE("overlaps: late, missed, and a start that lies before the run") {
  const test::TimeZone zone("UTC0");
  World world("2026-11-21T12:30:00Z");
  const auto reports =
      world.run({once("2026-11-21T12:00", 1h), once("2026-11-21T13:00", 2h), once("2026-11-21T14:00", 30min),
                 once("2026-11-21T14:30", 1h), once("2026-11-21T11:00", 1h)},
                "2026-11-22T00:00:00Z");
  REQUIRE(reports.size() == 4);  // the last was over before the run began
  CHECK(reports[0].start == utc("2026-11-21T12:30:00Z"));
  CHECK(reports[1].start == utc("2026-11-21T13:00:00Z"));
  CHECK(reports[2].wanted.job == 2);
  CHECK(reports[2].missed);
  CHECK(reports[3].start == utc("2026-11-21T15:00:00Z"));
  CHECK(reports[3].end == utc("2026-11-21T15:30:00Z"));
}

TEST_CASE("a clock that is set back repeats nothing, one that is set forward misses what lies between") {
  const test::TimeZone zone("UTC0");
  const std::vector<Timetable> jobs{daily("10:00", 30min), daily("12:00", 30min)};
  {
    World world("2026-11-21T09:00:00Z");
    world.set_clock("2026-11-21T11:00:00Z", -90min);  // to 09:30
    const auto reports = world.run(jobs, "2026-11-21T23:00:00Z");
    REQUIRE(reports.size() == 2);
    CHECK(reports[0].wanted.job == 0);
    CHECK(reports[1].wanted.job == 1);
    CHECK_FALSE(reports[1].missed);
  }
  {
    World world("2026-11-21T09:00:00Z");
    world.set_clock("2026-11-21T09:30:00Z", 75min);  // to 10:45: a suspend looks the same
    const auto reports = world.run(jobs, "2026-11-21T23:00:00Z");
    REQUIRE(reports.size() == 2);
    CHECK(reports[0].missed);
    CHECK_FALSE(reports[1].missed);
  }
  {
    World world("2026-11-21T09:00:00Z");
    world.set_clock("2026-11-21T09:30:00Z", 40min);  // to 10:10
    const auto reports = world.run(jobs, "2026-11-21T23:00:00Z");
    REQUIRE(reports.size() == 2);
    CHECK_FALSE(reports[0].missed);
    CHECK(reports[0].start - utc("2026-11-21T10:10:00Z") <= kLook);
    CHECK(reports[0].end == utc("2026-11-21T10:30:00Z"));
  }
}

TEST_CASE("a job that fails is reported, and the next one runs") {
  const test::TimeZone zone("UTC0");
  World world("2026-11-21T09:00:00Z");
  world.status = ExitStatus::no_signal;
  const auto reports =
      world.run({once("2026-11-21T10:00", 1h), once("2026-11-21T11:00", 1h)}, "2026-11-22T00:00:00Z");
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].status == ExitStatus::no_signal);
  CHECK(reports[1].status == ExitStatus::no_signal);
}

TEST_CASE("a year of daily jobs runs in no time, each once") {
  const test::TimeZone zone(test::kCentralEurope);
  World world("2026-01-01T00:00:00Z");
  const auto reports = world.run({daily("02:30", 1h), daily("06:00", 1h)}, "2027-01-01T00:00:00Z");
  CHECK(reports.size() == 2 * 365);
  for (const JobReport& report : reports) CHECK_FALSE(report.missed);
}

TEST_CASE("the plan says what cannot be met, and with all what can") {
  const test::TimeZone zone("UTC0");
  const std::vector<Timetable> jobs{once("2026-11-21T20:00", 2h), once("2026-11-21T21:00", 2h),
                                    once("2026-11-21T21:00", 30min)};
  const std::vector<std::string> names{"news", "talk", "jazz"};
  const UtcTime now = utc("2026-11-21T12:00:00Z");
  const auto troubles = describe_plan(jobs, names, now, false);
  REQUIRE(troubles.size() == 2);
  CHECK(
      troubles[0] ==
      "talk: Sat 2026-11-21 21:00:00 +0000 to Sat 2026-11-21 23:00:00 +0000: begins late, at Sat 2026-11-21 "
      "22:00:00 +0000, for news has the receiver");
  CHECK(troubles[1].find("jazz: ") == 0);
  CHECK(troubles[1].find("cannot be met, for talk has the receiver") != std::string::npos);
  CHECK(describe_plan(jobs, names, now, true).size() == 3);
}
