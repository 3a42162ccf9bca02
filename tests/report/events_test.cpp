// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/events.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/catch2.hpp"

using namespace fmrx;
using report::EventTeller;

namespace {

using Strings = std::vector<std::string>;

rds::Text text(std::string_view bytes) {
  rds::Text made;
  for (const char byte : bytes) made.push(static_cast<std::uint8_t>(byte));
  return made;
}

/// "name: text" of each change.
Strings changes(EventTeller& teller, const rds::StationFacts& facts) {
  Strings all;
  for (const auto& event : teller.changes(facts, std::chrono::duration<double>(1.5), {})) {
    const auto line = nlohmann::json::parse(event.line);
    CHECK(line["event"] == std::string(event.name));
    CHECK(line["time_from_start"] == 1.5);
    CHECK(event.line.find('\n') == event.line.size() - 1);
    all.push_back(std::string(event.name) + ": " + event.text);
  }
  return all;
}

}  // namespace

TEST_CASE("what a station says is told once, and again when it changes") {
  EventTeller teller;
  rds::StationFacts facts;
  facts.ps = text("NOBODY  ");
  CHECK(changes(teller, facts).empty());  // nobody is heard yet
  facts.pi = 0xD318;
  CHECK(changes(teller, facts) == Strings{"station: D318", "name: NOBODY"});
  CHECK(changes(teller, facts).empty());
  facts.ps = text("ANOTHER ");
  facts.radiotext = text("A title");
  CHECK(changes(teller, facts) == Strings{"name: ANOTHER", "text: A title"});
  facts.pty = 10;
  CHECK(changes(teller, facts) == Strings{"type: Pop music"});
}

TEST_CASE("an announcement is one only where the station carries them, and ends with the station") {
  EventTeller teller;
  rds::StationFacts facts;
  facts.pi = 0xD318;
  facts.traffic_announcement = true;
  CHECK(changes(teller, facts) == Strings{"station: D318"});
  facts.traffic_programme = true;
  CHECK(changes(teller, facts) == Strings{"traffic: on"});
  rds::StationFacts other;
  other.pi = 0xD312;
  CHECK(changes(teller, other) == Strings{"station: D312", "traffic: off"});
}

TEST_CASE("titles are told by their tags") {
  EventTeller teller;
  rds::StationFacts facts;
  facts.pi = 0xD318;
  (void)changes(teller, facts);
  rds::RadioTextPlusContent item;
  item.item_running = true;
  item.size = 2;
  item.tags[0] = {4, text("Somebody")};   // ITEM.ARTIST
  item.tags[1] = {1, text("Something")};  // ITEM.TITLE
  facts.item = item;
  const auto events = teller.changes(facts, {}, {});
  REQUIRE(events.size() == 1);
  CHECK(events[0].text == "Somebody - Something");
  const auto line = nlohmann::json::parse(events[0].line);
  CHECK(line["item.artist"] == "Somebody");
  CHECK(line["item.title"] == "Something");
  CHECK(line["item_running"] == true);
}

TEST_CASE("a hostile text is one line of an event, and harmless") {
  EventTeller teller;
  rds::StationFacts facts;
  facts.pi = 0xD318;
  facts.ps = text("\"\\\x01\x0A\x7F\x85\xFF\x08");
  for (const auto& event : teller.changes(facts, {}, {})) {
    for (const char c : event.text) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
    CHECK(nlohmann::json::accept(event.line));
  }
}
