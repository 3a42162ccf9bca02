// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/local_time.hpp"

#include <cstdlib>
#include <ctime>

#include "support/catch2.hpp"
#include "support/time_zone.hpp"

using namespace fmrx;
using namespace std::chrono_literals;

namespace {

UtcTime utc(const std::string& text) {
  return parse_utc(text).value();
}

}  // namespace

// Central Europe, 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.

TEST_CASE("local times know their offset to UTC") {
  const test::TimeZone zone(test::kCentralEurope);
  CHECK(format_local_iso(utc("2026-03-29T00:59:59Z")) == "2026-03-29T01:59:59+01:00");
  CHECK(format_local_iso(utc("2026-03-29T01:00:00Z")) == "2026-03-29T03:00:00+02:00");
  CHECK(format_local(utc("2026-10-25T00:30:00Z"), "%H%M%z") == "0230+0200");
  CHECK(format_local(utc("2026-10-25T01:30:00Z"), "%H%M%z") == "0230+0100");
}

TEST_CASE("UTC is written and read to the millisecond") {
  CHECK(format_utc(utc("2026-11-21T03:17:40.250Z")) == "2026-11-21T03:17:40.250Z");
  CHECK(format_utc(utc("2026-11-21T03:17:40Z") - 1ns) == "2026-11-21T03:17:39.999Z");
  CHECK(format_utc(UtcTime(0ns) - 1s) == "1969-12-31T23:59:59.000Z");
  for (const char* wrong : {"", "2026-11-21", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
                            "2026-11-21T24:00:00Z", "2026-11-21T03:17:40", "2026-11-21T03:17:40Zx"}) {
    CHECK_FALSE(parse_utc(wrong).has_value());
  }
}

TEST_CASE("a local time that exists once, twice and not at all") {
  const test::TimeZone zone(test::kCentralEurope);
  CHECK(from_local({2026, 7, 1, 12, 0, 0}) == utc("2026-07-01T10:00:00Z"));
  CHECK(from_local({2026, 1, 1, 0, 0, 0}) == utc("2025-12-31T23:00:00Z"));
  CHECK(from_local({2026, 10, 25, 2, 30, 0}) == utc("2026-10-25T00:30:00Z"));  // the first of the two
  CHECK(from_local({2026, 10, 25, 3, 0, 0}) == utc("2026-10-25T02:00:00Z"));
  CHECK(from_local({2026, 3, 29, 2, 30, 0}) == utc("2026-03-29T01:00:00Z"));  // when clocks are set
  CHECK(from_local({2026, 3, 29, 3, 0, 0}) == utc("2026-03-29T01:00:00Z"));
}

TEST_CASE("the next full hour, also where clocks are set") {
  const test::TimeZone zone(test::kCentralEurope);
  CHECK(next_on_clock(utc("2026-07-01T10:20:30.5Z"), 1h) == utc("2026-07-01T11:00:00Z"));
  CHECK(next_on_clock(utc("2026-07-01T11:00:00Z"), 1h) == utc("2026-07-01T12:00:00Z"));
  CHECK(next_on_clock(utc("2026-07-01T11:00:00Z") - 1ns, 1h) == utc("2026-07-01T11:00:00Z"));
  CHECK(next_on_clock(utc("2026-03-29T00:30:00Z"), 1h) == utc("2026-03-29T01:00:00Z"));
  CHECK(next_on_clock(utc("2026-10-25T00:30:00Z"), 1h) == utc("2026-10-25T01:00:00Z"));
  CHECK(next_on_clock(utc("2026-10-25T01:00:00Z"), 1h) == utc("2026-10-25T02:00:00Z"));
}

TEST_CASE("quarters of a day are an hour longer or shorter where clocks are set") {
  const test::TimeZone zone(test::kCentralEurope);
  CHECK(next_on_clock(utc("2026-03-28T23:00:00Z"), 6h) == utc("2026-03-29T04:00:00Z"));  // 00:00 to 06:00
  CHECK(next_on_clock(utc("2026-10-24T22:00:00Z"), 6h) == utc("2026-10-25T05:00:00Z"));
  CHECK(next_on_clock(utc("2026-10-24T22:00:00Z"), 24h) == utc("2026-10-25T23:00:00Z"));
}

TEST_CASE("clocks that are set by half an hour, and at midnight") {
  {
    // Lord Howe Island: 02:00 +11 becomes 01:30 +10:30 on the first Sunday of April.
    const test::TimeZone zone("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0");
    CHECK(next_on_clock(utc("2026-04-04T14:30:00Z"), 1h) == utc("2026-04-04T15:00:00Z"));
    CHECK(next_on_clock(utc("2026-04-04T15:00:00Z"), 1h) == utc("2026-04-04T15:30:00Z"));
  }
  {
    // Chile: 24:00 of Saturday becomes 01:00, so that Sunday has no midnight.
    const test::TimeZone zone("<-04>4<-03>,M9.1.6/24,M4.1.6/24");
    CHECK(next_on_clock(utc("2026-09-05T12:00:00Z"), 24h) == utc("2026-09-06T04:00:00Z"));
    CHECK(from_local({2026, 9, 6, 0, 0, 0}) == utc("2026-09-06T04:00:00Z"));
  }
}
