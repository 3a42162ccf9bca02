// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/station.hpp"

#include <array>
#include <string>
#include <vector>

#include "rds/group_encoder.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::rds;
using fmrx::rds::test::GroupEncoder;
using fmrx::rds::test::lose;
using fmrx::rds::test::string_of;

namespace {

/// A station's groups on their way to a receiver, and what it shows.
struct Air {
  GroupEncoder encoder{0xD311};
  Station station;
  std::vector<std::string> names;
  std::vector<std::string> texts;

  const GroupContent& send(const Group& group) {
    const GroupContent& content = station.take(group);
    if (content.ps_changed) names.push_back(string_of(*content.ps));
    if (content.radiotext_changed) texts.push_back(string_of(*content.radiotext));
    return content;
  }
  void send_ps(std::string_view name, unsigned from = 0, unsigned to = 4) {
    for (unsigned segment = from; segment < to; ++segment) send(encoder.ps(segment, name));
  }
  void send_radiotext(std::string_view text, bool flag_b, unsigned from, unsigned to) {
    for (unsigned segment = from; segment < to; ++segment) send(encoder.radiotext(segment, text, flag_b));
  }
};

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a PS is shown with its fourth segment, wherever reception begins") {
  for (unsigned first = 0; first < 4; ++first) {
    Air air;
    for (unsigned i = 0; i < 3; ++i) air.send(air.encoder.ps((first + i) % 4, "BAYERN 1"));
    CHECK(air.names.empty());
    air.send(air.encoder.ps((first + 3) % 4, "BAYERN 1"));
    CHECK(air.names == Strings{"BAYERN 1"});
  }
}

TEST_CASE("a PS segment counts if PI and AF are lost") {
  Air air;
  for (unsigned segment = 0; segment < 4; ++segment) {
    Group group = air.encoder.ps(segment, "BAYERN 1");
    lose(group, 0);
    lose(group, 2);
    air.send(group);
  }
  CHECK(air.names == Strings{"BAYERN 1"});
}

TEST_CASE("a segment whose text is lost is completed by the next pass") {
  Air air;
  Group third = air.encoder.ps(2, "BAYERN 1");
  lose(third, 3);
  air.send_ps("BAYERN 1", 0, 2);
  air.send(third);
  air.send_ps("BAYERN 1", 3, 4);
  CHECK(air.names.empty());
  air.send_ps("BAYERN 1", 0, 3);
  CHECK(air.names == Strings{"BAYERN 1"});
}

TEST_CASE("one wrong segment does not change a PS") {
  Air air;
  air.send_ps("BAYERN 1");
  for (unsigned wrong = 0; wrong < 4; ++wrong) {
    for (unsigned segment = 0; segment < 4; ++segment)
      air.send(air.encoder.ps(segment, segment == wrong ? "xxxxxxxx" : "BAYERN 1"));
    air.send_ps("BAYERN 1");
  }
  CHECK(air.names == Strings{"BAYERN 1"});
}

TEST_CASE("a PS that changes between passes is shown after one pass") {
  Air air;
  air.send_ps("BAYERN 1");
  air.send_ps("VERKEHR!");
  CHECK(air.names == Strings{"BAYERN 1", "VERKEHR!"});
}

TEST_CASE("a PS that changes inside a pass is never shown mixed") {
  for (unsigned cut = 1; cut < 4; ++cut) {
    Air air;
    for (int pass = 0; pass < 3; ++pass) air.send_ps("R1 NOS  ");
    air.send_ps("R1 NOS  ", 0, cut);
    air.send_ps("NPO R1  ", cut, 4);
    for (int pass = 0; pass < 3; ++pass) air.send_ps("NPO R1  ");
    air.send_ps("NPO R1  ", 0, cut);
    air.send_ps("R1 NOS  ", cut, 4);
    for (int pass = 0; pass < 3; ++pass) air.send_ps("R1 NOS  ");
    CHECK(air.names == Strings{"R1 NOS  ", "NPO R1  ", "R1 NOS  "});
  }
}

TEST_CASE("a PS that differs in one segment is shown when that segment has come twice") {
  Air air;
  air.send_ps("TRACK 1 ");
  air.send_ps("TRACK 2 ");
  CHECK(air.names == Strings{"TRACK 1 "});
  air.send_ps("TRACK 2 ");
  CHECK(air.names == Strings{"TRACK 1 ", "TRACK 2 "});
}

TEST_CASE("version B brings the PS, too, and the PI in block 3") {
  Air air;
  for (unsigned segment = 0; segment < 4; ++segment) {
    Group group =
        air.encoder.group(0, 'B', segment, 0, GroupEncoder::pair("BAYERN 1", 2 * std::size_t{segment}));
    lose(group, 0);
    const GroupContent& content = air.send(group);
    CHECK(content.pi == 0xD311);
  }
  CHECK(air.names == Strings{"BAYERN 1"});
  CHECK(air.station.facts().pi == 0xD311);
}

TEST_CASE("a single wrong PI neither changes the station nor what is known of it") {
  Air air;
  air.send_ps("BAYERN 1");
  Group foreign = air.encoder.ps(0, "OTHER   ");
  foreign.blocks[0].bits = 0x1234;
  const GroupContent& content = air.send(foreign);
  CHECK(content.foreign);
  CHECK(content.pi == 0x1234);
  CHECK_FALSE(content.basic);
  CHECK(air.station.facts().pi == 0xD311);
  CHECK(air.station.facts().ps);
}

TEST_CASE("another station begins with nothing known") {
  Air air;
  air.send_ps("BAYERN 1");
  GroupEncoder other(0xD3C2);
  for (unsigned i = 0; i < 12; ++i) air.send(other.ps(i % 4, "MDR JUMP"));
  CHECK(air.station.facts().pi == 0xD3C2);
  CHECK(air.names == Strings{"BAYERN 1", "MDR JUMP"});
}

TEST_CASE("a PI that was corrected is believed when it has come twice") {
  Air air;
  Group group = air.encoder.ps(0, "BAYERN 1");
  group.blocks[0].confidence = Confidence::corrected;
  air.send(group);
  CHECK_FALSE(air.station.facts().pi);
  air.send(group);
  CHECK(air.station.facts().pi == 0xD311);
}

TEST_CASE("RadioText is complete at its end mark, with segments in any order") {
  Air air;
  const std::string text = "Orientering Weekend\r";
  for (const unsigned segment : {3U, 1U, 4U, 0U}) air.send(air.encoder.radiotext(segment, text));
  CHECK(air.texts.empty());
  air.send(air.encoder.radiotext(2, text));
  CHECK(air.texts == Strings{"Orientering Weekend"});
}

TEST_CASE("RadioText of 64 characters has no end mark, and one of 2B has 32") {
  Air air;
  const std::string longest(64, 'x');
  air.send_radiotext(longest, false, 0, 16);
  CHECK(air.texts == Strings{longest});

  Air version_b;
  const std::string shorter(32, 'y');
  for (unsigned segment = 0; segment < 16; ++segment)
    version_b.send(
        version_b.encoder.group(2, 'B', segment, 0, GroupEncoder::pair(shorter, 2 * std::size_t{segment})));
  CHECK(version_b.texts == Strings{shorter});
}

TEST_CASE("blocks of RadioText count one by one") {
  Air air;
  const std::string text = "Radio Suomen Iltapaiva\r";
  for (const std::size_t lost : {2U, 3U}) {
    for (unsigned segment = 0; segment < 6; ++segment) {
      Group group = air.encoder.radiotext(segment, text);
      lose(group, lost);
      lose(group, 0);
      air.send(group);
    }
  }
  CHECK(air.texts == Strings{"Radio Suomen Iltapaiva"});
}

TEST_CASE("with the flag begins another text, of which nothing is joined with the last") {
  Air air;
  air.send_radiotext("first text, rather long.........\r", false, 0, 9);
  air.send_radiotext("second one\r", true, 0, 2);
  CHECK(air.texts.size() == 1);
  air.send_radiotext("second one\r", true, 2, 3);
  CHECK(air.texts == Strings{"first text, rather long.........", "second one"});
}

TEST_CASE("a flag that is wrong once does not cost the text") {
  Air air;
  const std::string text = "a text of some length\r";
  air.send_radiotext(text, false, 0, 3);
  air.send(air.encoder.radiotext(3, text, true));
  air.send_radiotext(text, false, 3, 6);
  CHECK(air.texts == Strings{"a text of some length"});
}

TEST_CASE("a text that changes without its flag is never shown mixed") {
  const std::string first = "Now: Light Switch by Charlie\r";
  const std::string second = "Now: Edamame by Bbno and Rich\r";
  for (unsigned cut = 0; cut < 8; ++cut) {
    Air air;
    for (int pass = 0; pass < 2; ++pass) air.send_radiotext(first, false, 0, 8);
    air.send_radiotext(first, false, 0, cut);
    air.send_radiotext(second, false, cut, 8);
    for (int pass = 0; pass < 2; ++pass) air.send_radiotext(second, false, 0, 8);
    CHECK(air.texts == Strings{first.substr(0, first.size() - 1), second.substr(0, second.size() - 1)});
  }
}

TEST_CASE("a text without end mark is as long as its passes") {
  Air air;
  const std::string text = "ROCK FM 100.6   ";
  for (int pass = 0; pass < 3; ++pass) air.send_radiotext(text, false, 0, 4);
  air.send_radiotext(text, false, 0, 1);
  CHECK(air.texts == Strings{text});
}

TEST_CASE("a corrected block in poor reception is shown when it has come twice") {
  Air air;
  air.send(air.encoder.ps(0, "BAYERN 1"));
  for (int i = 0; i < 40; ++i) air.send(Group{});  // nothing but failures
  for (unsigned segment = 1; segment < 4; ++segment) {
    Group group = air.encoder.ps(segment, "BAYERN 1");
    for (Block& block : group.blocks) block.confidence = Confidence::corrected;
    air.send(group);
  }
  CHECK(air.names.empty());
  air.send_ps("BAYERN 1");
  CHECK(air.names == Strings{"BAYERN 1"});
}

TEST_CASE("fields of 1A are read one by one") {
  Air air;
  air.send_ps("BAYERN 1");
  Group group = air.encoder.group(1, 'A', 0, 0x00E0, 5U << 11 | 22U << 6 | 30U);
  CHECK(air.send(group).label->low_byte() == 0xE0);
  CHECK(air.station.facts().country == "de");
  lose(group, 2);
  const GroupContent& without_label = air.send(group);
  CHECK_FALSE(without_label.label);
  CHECK(without_label.item->day() == 5);
  CHECK(without_label.item->hour() == 22);
  CHECK(without_label.item->minute() == 30);
  group = air.encoder.group(1, 'A', 0, 0x3008, 0);
  lose(group, 3);
  const GroupContent& language = air.send(group);
  CHECK(language.label->kind() == SlowLabel::Kind::language);
  CHECK_FALSE(language.item);
}

TEST_CASE("the country decides which system it is, unless the user does") {
  GroupEncoder encoder(0x4569);
  Station automatic;
  Station told(SystemChoice::rds);
  for (Station* const station : {&automatic, &told}) {
    CHECK(station->facts().system == System::rds);
    station->take(encoder.ps(0, "KFOX    "));
    station->take(encoder.group(1, 'A', 0, 0x00A0, 0));
    station->take(encoder.group(1, 'A', 0, 0x00A0, 0));
  }
  CHECK(automatic.facts().system == System::rbds);
  CHECK(told.facts().system == System::rds);
}

TEST_CASE("TP, PTY and TA change by repetition") {
  Air air;
  air.encoder.pty = 10;
  air.send_ps("BAYERN 1");
  CHECK(air.station.facts().pty == 10);
  CHECK(air.station.facts().traffic_programme == false);
  air.encoder.tp = true;
  air.encoder.pty = 3;
  air.send(air.encoder.group(0, 'A', 0x10, 0xE0CD, 0x4241));
  CHECK(air.station.facts().pty == 10);
  CHECK(air.station.facts().traffic_announcement == false);
  air.send(air.encoder.group(0, 'A', 0x11, 0xE0CD, 0x5945));
  CHECK(air.station.facts().pty == 3);
  CHECK(air.station.facts().traffic_programme == true);
  CHECK(air.station.facts().traffic_announcement == true);
}

TEST_CASE("what is sent of the clock needs all three blocks") {
  Air air;
  const unsigned mjd = 61'041;
  Group group = air.encoder.group(4, 'A', mjd >> 15, mjd << 1 & 0xFFFE, 12U << 12 | 30U << 6 | 2U);
  const GroupContent& content = air.send(group);
  CHECK(local_time(*content.clock) == CivilTime{2026, 1, 1, 13, 30});
  lose(group, 2);
  CHECK_FALSE(air.send(group).clock);
}

TEST_CASE("PTYN is complete with both halves, and begins anew with its flag") {
  Air air;
  const auto send = [&](std::string_view name, bool flag) {
    std::optional<Text> shown;
    for (unsigned segment = 0; segment < 2; ++segment) {
      const std::size_t at = std::size_t{4} * segment;
      const GroupContent& content =
          air.send(air.encoder.group(10, 'A', (flag ? 0x10U : 0U) | segment, GroupEncoder::pair(name, at),
                                     GroupEncoder::pair(name, at + 2)));
      if (content.programme_type_name) shown = content.programme_type_name;
    }
    return shown;
  };
  CHECK(string_of(*send("Football", false)) == "Football");
  CHECK(string_of(*send("Handball", true)) == "Handball");
}

TEST_CASE("a group whose block 2 is lost tells nothing but its PI") {
  Air air;
  Group group = air.encoder.ps(0, "BAYERN 1");
  lose(group, 1);
  const GroupContent& content = air.send(group);
  CHECK(content.pi == 0xD311);
  CHECK_FALSE(content.type);
  CHECK_FALSE(content.pty);
}
