// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "schedule/moment.hpp"

#include "base/error.hpp"
#include "support/catch2.hpp"
#include "support/time_zone.hpp"

using namespace fmrx;
using schedule::parse_moment;
using schedule::resolve;

namespace {

UtcTime utc(const std::string& text) {
  return parse_utc(text).value();
}

}  // namespace

TEST_CASE("a time of day is the next one") {
  const test::TimeZone zone(test::kCentralEurope);
  const auto eight = parse_moment("20:00");
  CHECK(resolve(eight, utc("2026-07-01T12:00:00Z")) == utc("2026-07-01T18:00:00Z"));
  CHECK(resolve(eight, utc("2026-07-01T18:00:00Z")) == utc("2026-07-01T18:00:00Z"));
  CHECK(resolve(eight, utc("2026-07-01T18:00:01Z")) == utc("2026-07-02T18:00:00Z"));
  CHECK(resolve(parse_moment("00:00:30"), utc("2026-12-31T23:30:00Z")) == utc("2027-01-01T23:00:30Z"));
  // Over a change of the clocks it is still that time of day.
  CHECK(resolve(eight, utc("2026-03-28T20:00:00Z")) == utc("2026-03-29T18:00:00Z"));
  CHECK(resolve(eight, utc("2026-10-24T20:00:00Z")) == utc("2026-10-25T19:00:00Z"));
}

TEST_CASE("a date with a time is that moment, local or not") {
  const test::TimeZone zone(test::kCentralEurope);
  const UtcTime now = utc("2030-01-01T00:00:00Z");
  CHECK(resolve(parse_moment("2026-11-21T20:00"), now) == utc("2026-11-21T19:00:00Z"));
  CHECK(resolve(parse_moment("2026-11-21 20:00:05"), now) == utc("2026-11-21T19:00:05Z"));
  CHECK(resolve(parse_moment("2026-11-21T20:00Z"), now) == utc("2026-11-21T20:00:00Z"));
  CHECK(resolve(parse_moment("2026-11-21T20:00:00-05:30"), now) == utc("2026-11-22T01:30:00Z"));
  CHECK(resolve(parse_moment("2026-11-21T20:00+0100"), now) == utc("2026-11-21T19:00:00Z"));
}

TEST_CASE("what is no time is refused") {
  for (const char* wrong : {"", "20", "8:00", "24:00", "20:60", "20:00:60", "20:00x", "20:00Z", "2026-11-21",
                            "2026-02-30T20:00", "2026-11-21T20:00+1", "21.11.2026 20:00", "-1:00"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_moment(wrong), Error);
  }
}

TEST_CASE("days of the week") {
  CHECK(schedule::weekday_of({2026, 11, 21, 0, 0, 0}) == 5);  // a Saturday
  CHECK(schedule::weekday_of({2026, 11, 23, 23, 0, 0}) == 0);
}
