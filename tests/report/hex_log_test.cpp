// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/hex_log.hpp"

#include <string>

#include "report/hex.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using Catch::Matchers::WithinAbs;
using report::hex_line;
using report::HexLogReader;

namespace {

/// The line as hex_line() would write it; "" if it has no group.
std::string again(std::string_view line) {
  const auto group = HexLogReader().read(line);
  return group ? hex_line(*group) : "";
}

constexpr double kGroup_s = 104 / 1187.5;

}  // namespace

TEST_CASE("a group is written as RDS Spy writes it, and read back") {
  rds::Group group;
  group.blocks = {rds::Block{0xD318, rds::Confidence::clean}, rds::Block{0x0548, rds::Confidence::corrected},
                  rds::Block{0x1234, rds::Confidence::failed}, rds::Block{0x5445, rds::Confidence::clean}};
  CHECK(hex_line(group) == "D318 0548 ---- 5445");
  CHECK(again("D318 0548 ---- 5445") == "D318 0548 ---- 5445");
}

TEST_CASE("logs of other programs are read, too") {
  CHECK(again("d318 0548 ???? 5445 @2020/08/21 17:53:33.10") == "D318 0548 ---- 5445");
  CHECK(again("D3180548****5445") == "D318 0548 ---- 5445");
  CHECK(again("  D318\t0548 .... 5445\r") == "D318 0548 ---- 5445");
  CHECK(again("D318 0548 xxxx 5445, PS") == "D318 0548 ---- 5445");
  // A digit that was not received costs its block.
  CHECK(again("D318 054? 1234 5445") == "D318 ---- 1234 5445");
}

TEST_CASE("headers, comments and what is no group are left out") {
  for (const char* line :
       {"", "% comment", "<recorder=\"RDS Spy\" date=\"2020-01-01\">", "D318 0548 1234", "D318 0548 1234 544",
        "D318 0548 1234 5445F", "D318 0548 1234 54G5", "decade was over"})
    CHECK(again(line).empty());
}

TEST_CASE("time is that of the stamps, and never goes back") {
  HexLogReader log;
  CHECK_THAT(log.read("D318 0548 1234 5445 @2020/08/21 17:53:33.10")->time.count(),
             WithinAbs(kGroup_s, 1e-9));
  CHECK_THAT(log.read("D318 0549 1234 5445 @2020/08/21 17:53:35.10")->time.count(),
             WithinAbs(2 + kGroup_s, 1e-6));
  // Backwards by a second: as on the air.
  CHECK_THAT(log.read("D318 0549 1234 5445 @2020/08/21 17:53:34.10")->time.count(),
             WithinAbs(2 + 2 * kGroup_s, 1e-6));
  // Without a stamp, or with one that cannot be: the same.
  CHECK_THAT(log.read("D318 0549 1234 5445")->time.count(), WithinAbs(2 + 3 * kGroup_s, 1e-6));
  CHECK_THAT(log.read("D318 0549 1234 5445 @2020/08/21 27:53:34.10")->time.count(),
             WithinAbs(2 + 4 * kGroup_s, 1e-6));
}
