// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "schedule/plan.hpp"

#include <string>
#include <vector>

#include "support/catch2.hpp"
#include "support/time_zone.hpp"

using namespace fmrx;
using namespace std::chrono_literals;
using schedule::Occurrence;
using schedule::occurrences;
using schedule::parse_moment;
using schedule::plan;
using schedule::Planned;
using schedule::Timetable;
using schedule::Verdict;

namespace {

constexpr std::uint8_t kDaily = 0b111'1111;

UtcTime utc(const std::string& text) {
  return parse_utc(text).value();
}

Timetable once(const std::string& start, std::chrono::nanoseconds length) {
  return {parse_moment(start), 0, length};
}
Timetable weekly(std::uint8_t days, const std::string& start, std::chrono::nanoseconds length) {
  return {parse_moment(start), days, length};
}

/// Starts in UTC of a daily job about a change of the clocks.
std::vector<std::string> starts(const std::string& at, const std::string& from, const std::string& until) {
  std::vector<std::string> texts;
  for (const Occurrence& one : occurrences({weekly(kDaily, at, 30min)}, utc(from), utc(until)))
    texts.push_back(format_utc(one.start).substr(0, 16));
  return texts;
}

}  // namespace

TEST_CASE("weekly jobs come on their days") {
  const test::TimeZone zone(test::kCentralEurope);
  // 2026-11-21 is a Saturday.
  const auto found = occurrences({weekly(0b000'0101, "20:00", 1h)}, utc("2026-11-21T00:00:00Z"),
                                 utc("2026-12-01T00:00:00Z"));
  REQUIRE(found.size() == 3);
  CHECK(found[0].start == utc("2026-11-23T19:00:00Z"));
  CHECK(found[1].start == utc("2026-11-25T19:00:00Z"));
  CHECK(found[2].start == utc("2026-11-30T19:00:00Z"));
}

TEST_CASE("daily jobs about a change of the clocks: a table") {
  const test::TimeZone zone(test::kCentralEurope);
  struct Case {
    std::string at;
    std::string from;
    std::string until;
    std::vector<std::string> expected;
  };
  const std::string spring_from = "2026-03-28T12:00:00Z";
  const std::string spring_until = "2026-03-30T12:00:00Z";
  const std::string autumn_from = "2026-10-24T12:00:00Z";
  const std::string autumn_until = "2026-10-26T12:00:00Z";
  const std::vector<Case> table{
      {"01:30", spring_from, spring_until, {"2026-03-29T00:30", "2026-03-29T23:30"}},
      // It does not exist that day: when the clocks are set.
      {"02:30", spring_from, spring_until, {"2026-03-29T01:00", "2026-03-30T00:30"}},
      {"03:00", spring_from, spring_until, {"2026-03-29T01:00", "2026-03-30T01:00"}},
      {"12:30", spring_from, spring_until, {"2026-03-29T10:30", "2026-03-30T10:30"}},
      {"01:30", autumn_from, autumn_until, {"2026-10-24T23:30", "2026-10-26T00:30"}},
      // It exists twice that day: the first, and once.
      {"02:30", autumn_from, autumn_until, {"2026-10-25T00:30", "2026-10-26T01:30"}},
      {"03:00", autumn_from, autumn_until, {"2026-10-25T02:00", "2026-10-26T02:00"}},
      {"23:59", autumn_from, autumn_until, {"2026-10-24T21:59", "2026-10-25T22:59"}},
  };
  for (const Case& c : table) {
    CAPTURE(c.at, c.from);
    CHECK(starts(c.at, c.from, c.until) == c.expected);
  }
}

TEST_CASE("what runs already is there, what is over is not") {
  const test::TimeZone zone(test::kCentralEurope);
  const std::vector<Timetable> jobs{once("2026-11-21T20:00", 1h), weekly(kDaily, "23:30", 2h)};
  const auto at = [&](const std::string& from) { return occurrences(jobs, utc(from), utc(from) + 1min); };
  CHECK(at("2026-11-21T19:59:00Z").size() == 1);
  CHECK(at("2026-11-21T20:00:00Z").empty());
  // Begun before midnight, yesterday.
  REQUIRE(at("2026-11-22T00:15:00Z").size() == 1);
  CHECK(at("2026-11-22T00:15:00Z")[0].start == utc("2026-11-21T22:30:00Z"));
}

TEST_CASE("overlaps: a table of what one receiver can do") {
  const UtcTime day = utc("2026-11-21T00:00:00Z");
  const auto span = [&](std::size_t job, int from_h, int to_h) {
    return Occurrence{job, day + std::chrono::hours(from_h), day + std::chrono::hours(to_h)};
  };
  struct Case {
    const char* name;
    std::vector<Occurrence> wanted;
    int now_h;
    std::vector<Verdict> verdicts;
    std::vector<int> starts_h;
  };
  const Verdict whole = Verdict::whole;
  const Verdict late = Verdict::late;
  const Verdict missed = Verdict::missed;
  const std::vector<Case> table{
      {"apart", {span(0, 1, 2), span(1, 3, 4)}, 0, {whole, whole}, {1, 3}},
      {"one after the other", {span(0, 1, 2), span(1, 2, 3)}, 0, {whole, whole}, {1, 2}},
      {"partly", {span(0, 1, 3), span(1, 2, 4)}, 0, {whole, late}, {1, 3}},
      {"inside", {span(0, 1, 4), span(1, 2, 3)}, 0, {whole, missed}, {1, 4}},
      {"to the same end", {span(0, 1, 3), span(1, 2, 3)}, 0, {whole, missed}, {1, 3}},
      {"at once", {span(0, 1, 2), span(1, 1, 3)}, 0, {whole, late}, {1, 2}},
      {"a missed one is in nobody's way",
       {span(0, 1, 4), span(1, 2, 3), span(2, 4, 5)},
       0,
       {whole, missed, whole},
       {1, 4, 4}},
      {"a chain", {span(0, 1, 3), span(1, 2, 5), span(2, 4, 6)}, 0, {whole, late, late}, {1, 3, 5}},
      {"begun before now", {span(0, 1, 3)}, 2, {late}, {2}},
      {"over before now", {span(0, 1, 3), span(1, 4, 5)}, 3, {missed, whole}, {3, 4}},
  };
  for (const Case& c : table) {
    CAPTURE(c.name);
    const std::vector<Planned> planned = plan(c.wanted, day + std::chrono::hours(c.now_h));
    REQUIRE(planned.size() == c.verdicts.size());
    for (std::size_t i = 0; i < planned.size(); ++i) {
      CHECK(planned[i].verdict == c.verdicts[i]);
      CHECK(planned[i].start == day + std::chrono::hours(c.starts_h[i]));
    }
  }
}
