// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/status_line.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "cli/refusal.hpp"
#include "support/catch2.hpp"

using namespace fmrx::app;
using namespace std::chrono_literals;
using fmrx::Decibels;
using fmrx::Hertz;
using fmrx::test::contains;

namespace {

Status live() {
  Status status;
  status.station = Hertz(92.7e6);
  status.carrier_dbfs = Decibels(-23.44);
  status.carrier_to_noise = Decibels(45.26);
  status.stereo = true;
  status.sinks = {{"play", 180ms, {}}, {"x.wav", 0ms, {}}};
  status.elapsed = 83s;
  status.running = 83s;
  return status;
}

Status halfway() {
  Status status = live();
  status.sinks.clear();
  status.elapsed = 30s;
  status.length = 60s;
  status.running = 2s;
  return status;
}

}  // namespace

TEST_CASE("the status line tells all there is room for") {
  CHECK(format_status(live(), 200) ==
        "92.7 MHz  -23.4 dBFS  C/N 45.3 dB  stereo  play  180 ms  x.wav    0 ms  drops 0  1:23");
}

TEST_CASE("the status line shows deviation, and bandwidth and echoes where there is something to say") {
  Status status = live();
  status.sinks.clear();
  status.deviation = Hertz(74'600);
  CHECK(format_status(status, 200) ==
        "92.7 MHz  -23.4 dBFS  C/N 45.3 dB  stereo  dev  75 kHz  drops 0  1:23");
  status.bandwidth = Hertz(108e3);
  status.multipath = 0.09;
  CHECK(contains(format_status(status, 200), "dev  75 kHz  BW 108 kHz  drops 0"));
  status.multipath = 0.254;
  CHECK(contains(format_status(status, 200), "BW 108 kHz  echoes 25 %  drops 0"));
  // In a common terminal they leave, before anything else does.
  status.rds = Status::Rds{"TEST FM", "News", "", true, false};
  status.sinks = {{"play", 180ms, {}}};
  const std::string narrow = format_status(status, 80);
  CHECK(narrow.size() < 80);
  CHECK_FALSE(contains(narrow, "echoes"));
  CHECK(contains(narrow, "C/N 45.3 dB"));
}

TEST_CASE("the status line shows what the station says, in fixed columns") {
  Status status = live();
  status.sinks.clear();
  status.rds = Status::Rds{};
  const std::string before = format_status(status, 200);
  CHECK(contains(before, "92.7 MHz            -23.4 dBFS"));
  status.rds->ps =
      "R\xC3\xA4"
      "dio 1";
  CHECK(contains(format_status(status, 200),
                 "92.7 MHz  R\xC3\xA4"
                 "dio 1   -23.4 dBFS"));
  status.rds->type = "News";
  status.rds->traffic_programme = true;
  CHECK(contains(format_status(status, 200), "News  TP  -23.4 dBFS"));
  status.rds->traffic_announcement = true;
  CHECK(contains(format_status(status, 200), "News  TA  -23.4 dBFS"));
}

TEST_CASE("RadioText takes the room that is left, and is cut between characters") {
  Status status = live();
  status.sinks.clear();
  status.rds = Status::Rds{};
  status.rds->ps = "TEST FM";
  std::string text;
  for (int i = 0; i < 64; ++i) text += "\xC3\xA9";
  status.rds->radiotext = text;
  CHECK(format_status(status, 300).ends_with("1:23  " + text));
  const auto characters = [](const std::string& line) {
    return std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
  };
  for (std::size_t columns = 1; columns < 200; ++columns) {
    CAPTURE(columns);
    const std::string line = format_status(status, columns);
    CHECK(characters(line) <= static_cast<std::ptrdiff_t>(columns - 1));
    // Never half of a character.
    CHECK((line.empty() || line.back() != '\xC3'));
  }
}

TEST_CASE("nothing that a station sends moves the cursor") {
  Status status = live();
  status.rds = Status::Rds{};
  status.rds->ps = "\x1B[2J";
  status.rds->radiotext = "\x1B]0;x\x07 and the rest";
  const std::string line = format_status(status, 300);
  CHECK(line.find('\x1B') == std::string::npos);
  CHECK(line.find('\x07') == std::string::npos);
}

TEST_CASE("a sound card shows its latency, the drift, what broke off, and that it has gone") {
  Status status = live();
  fmrx::sink::SoundState sound;
  sound.playing = true;
  sound.latency = 70ms;
  sound.drift_ppm = -12.34;
  status.sinks = {{"sound card", 30ms, sound}};
  CHECK(contains(format_status(status, 200), "sound card   70 ms   -12.3 ppm  drops 0"));
  sound.underruns = 2;
  status.sinks = {{"sound card", 30ms, sound}};
  CHECK(contains(format_status(status, 200), " ppm  gaps 2  drops 0"));
  sound.playing = false;
  status.sinks = {{"sound card", 30ms, sound}};
  CHECK(contains(format_status(status, 200), "sound card lost  drops 0"));
}

TEST_CASE("what is not known is not told") {
  CHECK(format_status(Status{}, 80) == "mono    drops 0  0:00");
}

TEST_CASE("a known length gives progress, a bar, and the time left by the clock") {
  // Half of it took 2 s, so the other half will, too.
  CHECK(format_status(halfway(), 200) ==
        "92.7 MHz  -23.4 dBFS  C/N 45.3 dB  stereo  drops 0  0:30   50 %  0:02 left  "
        "[===============               ]");
}

TEST_CASE("progress stays within its bounds") {
  Status status = halfway();
  status.elapsed = 0s;
  CHECK(contains(format_status(status, 200), "  0 %  ?:?? left  [                              ]"));
  status.elapsed = 61s;  // the filters' delay may be played beyond the length
  CHECK(contains(format_status(status, 200), "100 %  0:00 left  [==============================]"));
  status.length = 0s;
  CHECK(contains(format_status(status, 200), "  0 %"));
  status.length = std::chrono::nanoseconds::max();
  status.elapsed = 1ns;
  status.running = std::chrono::nanoseconds::max();
  CHECK(contains(format_status(status, 200), " left"));
}

TEST_CASE("the line never reaches the last column") {
  for (const Status& status : {live(), halfway(), Status{}}) {
    for (std::size_t columns = 0; columns < 200; ++columns) {
      CAPTURE(columns);
      CHECK(format_status(status, columns).size() <= (columns > 0 ? columns - 1 : 0));
    }
  }
}

TEST_CASE("a narrow terminal keeps what matters most") {
  CHECK(format_status(live(), 60) == "92.7 MHz  -23.4 dBFS  C/N 45.3 dB  stereo  drops 0  1:23");
  CHECK(format_status(live(), 50) == "92.7 MHz  C/N 45.3 dB  stereo  drops 0  1:23");
  CHECK(format_status(live(), 40) == "92.7 MHz  C/N 45.3 dB  stereo  1:23");
  CHECK(format_status(live(), 30) == "92.7 MHz  stereo  1:23");
  CHECK(format_status(live(), 20) == "92.7 MHz  1:23");
  CHECK(format_status(live(), 5) == "92.7");

  Status lossy = live();
  lossy.drops = 3;
  CHECK(format_status(lossy, 30) == "92.7 MHz  drops 3  1:23");
}

TEST_CASE("the fields do not move when numbers change") {
  Status other = live();
  other.carrier_dbfs = Decibels(-3);
  other.carrier_to_noise = Decibels(7);
  other.stereo = false;
  other.sinks[0].buffered = 1234ms;
  const std::string a = format_status(live(), 200);
  const std::string b = format_status(other, 200);
  CHECK(a.size() == b.size());
  CHECK(a.find("drops") == b.find("drops"));
}

TEST_CASE("the line is ASCII whatever the sinks are called") {
  Status status = live();
  status.sinks = {{"Über\n\033[2J.wav", 0ms, {}}};
  const std::string line = format_status(status, 200);
  CHECK(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }));
}

TEST_CASE("levels that are no numbers do no harm") {
  Status status = live();
  status.carrier_dbfs = Decibels(-std::numeric_limits<double>::infinity());
  status.carrier_to_noise = Decibels(std::numeric_limits<double>::quiet_NaN());
  CHECK(contains(format_status(status, 200), "    ? dBFS  C/N    ? dB"));
}
