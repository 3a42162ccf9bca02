// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "rds/group_encoder.hpp"
#include "report/station_report.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using fmrx::rds::test::GroupEncoder;
using fmrx::rds::test::lose;
using nlohmann::json;

namespace {

/// A station and the objects that its groups give.
struct Air {
  explicit Air(std::uint16_t pi = 0xD318, rds::SystemChoice system = rds::SystemChoice::automatic)
      : encoder(pi), report(system) {}

  json send(const rds::Group& group) {
    report.take(group);
    return json::parse(report.lines(report::Format::json));
  }
  json send(unsigned number, char version, unsigned low_bits, unsigned block3, unsigned block4) {
    return send(encoder.group(number, version, low_bits, block3, block4));
  }

  GroupEncoder encoder;
  report::StationReport report;
};

}  // namespace

TEST_CASE("each line has the group as it came") {
  Air air;
  air.encoder.tp = true;
  air.encoder.pty = 10;
  rds::Group group = air.encoder.ps(3, "BAYERN 1");
  group.blocks[0].confidence = rds::Confidence::corrected;
  lose(group, 2);
  const json line = air.send(group);
  CHECK(line["pi"] == "0xD318");
  CHECK(line["group"] == "0A");
  CHECK(line["raw_data"] == "D318 0543 ---- 2031");
  CHECK(line["confidence"] == json::array({"corrected", "clean", "failed", "clean"}));
  CHECK(line["tp"] == true);
  CHECK(line["pty"] == 10);
  CHECK(line["prog_type"] == "Pop music");
  CHECK(line["ta"] == false);
  CHECK(line["is_music"] == false);
  CHECK(line["di"] == json{{"stereo", false}});
  CHECK_FALSE(line.contains("ps"));
  CHECK_FALSE(line.contains("rx_time"));
}

TEST_CASE("fields are named and formed as redsea's users know them") {
  Air air;
  for (unsigned segment = 0; segment < 3; ++segment) air.send(air.encoder.ps(segment, "BAYERN 1", 0xE112));
  CHECK(air.send(air.encoder.ps(3, "BAYERN 1", 0xE112))["ps"] == "BAYERN 1");
  CHECK(air.send(air.encoder.ps(0, "BAYERN 1", 0xE112))["alt_frequencies_a"] == json::array({89'300}));

  // Variant 0: the extended country code of Germany. Day 5, 13:40.
  const json labels = air.send(1, 'A', 0, 0x00E0, 5U << 11 | 13U << 6 | 40U);
  CHECK(labels["country"] == "de");
  CHECK(labels["prog_item_number"] == (5U << 11 | 13U << 6 | 40U));
  CHECK(labels["prog_item_started"] == json{{"day", 5}, {"time", "13:40"}});
  CHECK(air.send(1, 'A', 0, 0x3008, 0)["language"] == "German");

  air.send(air.encoder.radiotext(0, "Text\r"));
  const json text = air.send(air.encoder.radiotext(1, "Text\r"));
  CHECK(text["radiotext"] == "Text");
  CHECK(text["rt_ab"] == "A");

  // 3A: RT+ goes into 12A. Then a title of all five characters' first four, while an item runs.
  CHECK(air.send(3, 'A', 0x18, 0, 0x4BD7)["open_data_app"]["app_name"] == "RadioText+ (RT+)");
  air.send(3, 'A', 0x18, 0, 0x4BD7);
  const json tags = air.send(12, 'A', 0x08, 1U << 13 | 0U << 7 | 3U << 1, 0);
  CHECK(tags["radiotext_plus"]["item_running"] == true);
  CHECK(tags["radiotext_plus"]["item_toggle"] == 0);
  REQUIRE(tags["radiotext_plus"]["tags"].size() == 1);
  CHECK(tags["radiotext_plus"]["tags"][0] == json{{"content-type", "item.title"}, {"data", "Text"}});

  // MJD 58'849 is 2020-01-01; 12:00 UTC, two half hours ahead.
  const json clock = air.send(4, 'A', 58'849U >> 15, (58'849U & 0x7FFF) << 1, 12U << 12 | 0U << 6 | 2U);
  CHECK(clock["clock_time"] == "2020-01-01T13:00:00+01:00");

  // 14A of another network: its PI in block 4; variant 13 has PTY and TA.
  const json other = air.send(14, 'A', 0x10 | 13U, 10U << 11 | 1U, 0xD312);
  CHECK(other["other_network"]["pi"] == "0xD312");
  CHECK(other["other_network"]["tp"] == true);
  CHECK(other["other_network"]["ta"] == true);
  CHECK(other["other_network"]["prog_type"] == "Pop music");
}

TEST_CASE("the names of North America are said where they are meant") {
  Air air(0x54A8, rds::SystemChoice::rbds);
  air.encoder.pty = 5;
  const json line = air.send(air.encoder.ps(0, "KXXX    "));
  CHECK(line["callsign"].get<std::string>().size() == 4);
  CHECK(line["prog_type"] == "Rock");
}

TEST_CASE("raw words are there where the meaning is another's") {
  Air air;
  CHECK(air.send(5, 'A', 3, 0x1234, 0x5678)["transparent_data"] ==
        json{{"address", 3}, {"raw_data", "03 1234 5678"}});
  CHECK(air.send(6, 'A', 3, 0x1234, 0x5678)["in_house_data"] == json::array({3, 0x1234, 0x5678}));
  CHECK(air.send(7, 'A', 3, 0x1234, 0x5678)["paging"]["raw_data"] == "03 1234 5678");
  CHECK(air.send(8, 'A', 3, 0x1234, 0x5678)["tmc"]["raw_data"] == "03 1234 5678");
  CHECK(air.send(9, 'A', 3, 0x1234, 0x5678)["emergency_warning"]["raw_data"] == "03 1234 5678");
  rds::Group lost = air.encoder.group(9, 'A', 3, 0x1234, 0x5678);
  lose(lost, 2);
  CHECK(air.send(lost)["emergency_warning"]["raw_data"] == "03 ---- 5678");
}

TEST_CASE("whatever is sent gives lines that are JSON, harmless and of bounded length") {
  constexpr std::size_t kLongestLine = 4'096;
  std::mt19937 random(1);
  const auto any = [&](unsigned below) { return static_cast<unsigned>(random()) % below; };
  for (const auto system : {rds::SystemChoice::rds, rds::SystemChoice::rbds}) {
    Air air(0xD318, system);
    for (int i = 0; i < 20'000; ++i) {
      rds::Group group =
          air.encoder.group(any(16), any(4) == 0 ? 'B' : 'A', any(32), any(0x10000), any(0x10000));
      // Half of the open data announce what is decoded here.
      constexpr unsigned kKnown[] = {0x4BD7, 0x4BD8, 0x6552, 0xCD46};
      if (any(4) == 0) group = air.encoder.group(3, 'A', any(32), any(0x10000), kKnown[any(4)]);
      if (any(5) == 0) lose(group, any(4));
      air.report.take(group);
      for (const auto format : {report::Format::json, report::Format::events}) {
        const std::string lines = air.report.lines(format);
        if (lines.empty()) continue;
        const bool has_control = std::any_of(lines.begin(), lines.end() - 1, [](char c) {
          return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
        });
        if (has_control || lines.size() > kLongestLine) FAIL("group " << i << ": " << lines);
        if (format == report::Format::json && !json::accept(lines)) FAIL("group " << i << ": " << lines);
      }
    }
  }
}
