// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/duration.hpp"

#include <chrono>
#include <string>

#include "base/units.hpp"
#include "cli/refusal.hpp"
#include "support/catch2.hpp"

using namespace fmrx::cli;
using namespace std::chrono_literals;
using fmrx::kAudioRate;
using fmrx::SampleRate;
using fmrx::test::contains;
using fmrx::test::refusal;

TEST_CASE("a duration is seconds, units or a clock, and is exact") {
  struct Case {
    const char* text;
    std::chrono::nanoseconds duration;
  };
  const Case cases[] = {
      {"90", 90s},
      {"1.5", 1500ms},
      {"0", 0s},
      {"0.000000001", 1ns},
      {"0.1", 100ms},
      {"90s", 90s},
      {"1.5s", 1500ms},
      {"30m", 30min},
      {"1h", 1h},
      {"1h30m", 90min},
      {"1H30M", 90min},
      {"1h30m15s", 5415s},
      {"1h15s", 3615s},
      {"90m", 90min},
      {"1.5h", 90min},
      {"1h0.5m", 3630s},
      {"1:30", 90s},
      {"1:30:00", 90min},
      {"0:00:01", 1s},
      {"90:00", 90min},
      {"100:00:00", 100h},
      {"01:02:03", 3723s},
      {"1:30.5", 90500ms},
      {"1:30:00.25", 5400250ms},
      {"10.0000000000000000000", 10s},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(parse_duration(c.text) == c.duration);
  }
}

TEST_CASE("whatever else is written for a duration is refused by name") {
  for (const char* text : {"",
                           " ",
                           "10 ",
                           " 10",
                           "-1",
                           "+1",
                           "nan",
                           "inf",
                           "1e3",
                           "0x10",
                           "1,5",
                           ".5",
                           "5.",
                           "s",
                           "h30m",
                           "30m1h",
                           "1h1h",
                           "1h30",
                           "1.5h30m",
                           "1d",
                           "10 s",
                           "10sec",
                           "1:5",
                           "1:60",
                           "1:99:00",
                           "1:2:3",
                           "1::30",
                           ":30",
                           "1:",
                           "1:30:",
                           "1.5:30",
                           "1:0.5:0",
                           "1:30m",
                           "1:30:00:00",
                           "1:-5",
                           "0.0000000001",
                           "99999999999999999999",
                           "9999999999",
                           "900000h",
                           "1h30m9999999999s",
                           "9999999:00:00"}) {
    CAPTURE(text);
    CHECK(contains(refusal([&] { static_cast<void>(parse_duration(text)); }),
                   "'" + std::string(text) + "' is not a duration; write 90"));
  }
}

TEST_CASE("a duration is a whole number of samples") {
  CHECK(samples_in(parse_duration("10"), kAudioRate) == 480'000);
  CHECK(samples_in(0s, kAudioRate) == 0);
  CHECK(samples_in(1ns, kAudioRate) == 0);
  CHECK(samples_in(parse_duration("0.00001"), kAudioRate) == 0);   // 0.48 of a frame
  CHECK(samples_in(parse_duration("0.000011"), kAudioRate) == 1);  // 0.528
  CHECK(samples_in(parse_duration("0.1"), SampleRate(256'000)) == 25'600);
  CHECK(samples_in(parse_duration("876000h"), SampleRate(3'200'000)) == 876'000ULL * 3600 * 3'200'000);
}

TEST_CASE("durations are shown in whole seconds") {
  CHECK(format_duration(0s) == "0:00");
  CHECK(format_duration(999ms) == "0:00");
  CHECK(format_duration(69s) == "1:09");
  CHECK(format_duration(3599s) == "59:59");
  CHECK(format_duration(3723s) == "1:02:03");
  CHECK(format_duration(100h) == "100:00:00");
}
