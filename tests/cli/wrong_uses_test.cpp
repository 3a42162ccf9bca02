// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// All wrong uses of every option: each is refused in one line that names the option, with the
// status of wrong usage. An option that is new in the table fails here until its cases are told.
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/option_table.hpp"
#include "cli/options.hpp"
#include "cli/refusal.hpp"
#include "support/catch2.hpp"

using namespace fmrx::cli;
using fmrx::test::contains;
using fmrx::test::refusal;

namespace {

using Texts = std::vector<std::string>;

struct WrongUses {
  std::string before;      ///< what else stands on the command line
  Texts junk{};            ///< values that are none
  Texts out_of_range{};    ///< values that are too small or too large
  Texts contradictions{};  ///< whole lines in which the option cannot stand
};

const std::map<std::string, WrongUses> kReceiveUses{
    {"freq",
     {"",
      {"", "x", "92,7", "92.7MHzz", "92.7 M", "0x5c", "nan", "92.7.1"},
      {"0", "-92.7M", "99G"},
      {"92.7M"}}},
    {"source",
     {"-f 92.7", {"", "x", "file:", "RTLSDR", "simm", "x.cu8"}, {}, {"--source file:x.cu8 --center 93M"}}},
    {"volume", {"-f 92.7", {"", "x", "3 dB", "loud", "nan", "inf"}, {"-60.1", "20.1", "1e9"}, {}}},
    {"audio-device", {"-f 92.7", {"", " "}, {}, {"-f 92.7 -o x.wav --audio-device USB"}}},
    {"latency",
     {"-f 92.7", {"", "x", "70s", "nan"}, {"49", "1001", "-70"}, {"-f 92.7 -o none --latency 100"}}},
    {"output",
     {"-f 92.7",
      {"", "x", "x.cu8", "x.doc", "plays"},
      {},
      {"-f 92.7 -o none -o play", "-f 92.7 -o x.wav -o ./x.wav", "-f 92.7 -o play -o play"}}},
    {"sample-format",
     {"-f 92.7",
      {"", "s8", "S16", "16"},
      {},
      {"-f 92.7 -o - --sample-format s24", "-f 92.7 -o x.flac --sample-format f32",
       "-f 92.7 --sample-format f32"}}},
    {"mpx",
     {"-f 92.7",
      {"", "x", "x.flac", ".wav"},
      {},
      {"-f 92.7 -o - --mpx -", "-f 92.7 -o x.wav --mpx x.wav", "-f 92.7 --rds json:x.wav --mpx x.wav",
       "-f 92.7 --mpx - --sample-format s24"}}},
    {"iq",
     {"-f 92.7",
      {"", "x", "x.cu8", "-", ".sigmf-data"},
      {},
      {"-f 92.7 -o x.sigmf-data --format raw --iq ./x.sigmf-data",
       "-f 92.7 --rds json:x.sigmf-meta --iq x.sigmf-data"}}},
    {"mpx-rate", {"-f 92.7 --mpx -", {"", "x", "171000", "192"}, {"0", "1M"}, {"-f 92.7 --mpx-rate 192k"}}},
    {"format",
     {"-f 92.7 -o x",
      {"", "x", "WAVE", "aac"},
      {},
      {"-f 92.7 --format wav", "-f 92.7 -o none --format wav", "-f 92.7 -o x.wav --format flac"}}},
    {"overwrite", {"", {}, {}, {"-f 92.7 --overwrite"}}},
    {"split",
     {"-f 92.7 -o x.wav",
      {"", "x", "1h30", "-1h", "1.5.1h"},
      {"0", "0M"},
      {"-f 92.7 --split 1h", "-f 92.7 -o x/ --split 1h --name {freq}"}}},
    {"name", {"-f 92.7 -o x/", {"", "{x}", "{start", "a}b"}, {}, {"-f 92.7 -o x.wav --name {freq}"}}},
    {"keep", {"-f 92.7 -o x/", {"", "x", "30", "G"}, {"0d", "0G"}, {"-f 92.7 -o x.wav --keep 30d"}}},
    {"index", {"", {}, {}, {"-f 92.7 --index"}}},
    {"align", {"", {}, {}, {"-f 92.7 --align"}}},
    {"duration",
     {"-f 92.7", {"", "x", "1h30x", "1:2:3:4", "-5", "1:99"}, {"0", "0s"}, {"-f 92.7 -t 10 --until 20:00"}}},
    {"at", {"-f 92.7", {"", "x", "8pm", "20", "2026-13-01T20:00", "tomorrow"}, {"24:01", "20:60"}, {}}},
    {"until", {"-f 92.7", {"", "x", "8pm", "20"}, {"24:01", "20:60"}, {"-f 92.7 --until 20:00 -t 10"}}},
    {"require-signal", {"-f 92.7", {"", "x", "-1"}, {"0"}, {}}},
    {"on-signal-lost", {"-f 92.7", {"", "x", "Mark", "leave"}, {}, {}}},
    {"on-file", {"-f 92.7 -o x.wav", {"", "echo {x}", "echo '"}, {}, {"-f 92.7 --on-file echo"}}},
    {"on-event", {"-f 92.7", {"", "echo {x}", "echo '"}, {}, {}}},
    {"rate", {"-f 92.7", {"", "x", "2,4M", "nan", "fast"}, {"0", "-1M", "100k", "3.3M", "225k", "500k"}, {}}},
    {"iq-format", {"--source file:x --offset 0", {"", "x", "CU8", "u8"}, {}, {"-f 92.7 --iq-format cu8"}}},
    {"center",
     {"--source file:x.cu8 -f 92.7",
      {"", "x", "93,0M"},
      {"0", "99G"},
      {"-f 92.7 --center 93M", "--source file:x.cu8 --center 93M --offset 1k -f 92.7"}}},
    {"offset", {"--source file:x.cu8", {"", "x", "1,5M"}, {}, {"-f 92.7 --offset 100k"}}},
    {"realtime", {"", {}, {}, {"-f 92.7 --realtime"}}},
    {"start", {"--source file:x.cu8", {"", "x", "-1", "1:99"}, {}, {"-f 92.7 --start 10"}}},
    {"rds",
     {"-f 92.7",
      {"", "x", "json", "json:", "xml:x", "json:fd:x", "JSON:x"},
      {},
      {"-f 92.7 -o - --rds json:-", "-f 92.7 --rds json:x --rds hex:x"}}},
    {"rbds", {"-f 92.7", {"", "x", "YES", "1"}, {}, {}}},
    {"mono", {"", {}, {}, {"-f 92.7 --mono --stereo"}}},
    {"stereo", {"", {}, {}, {"-f 92.7 --stereo --mono"}}},
    {"deemphasis", {"-f 92.7", {"", "x", "50us", "50.0"}, {"-50", "60", "100"}, {}}},
    {"bandwidth", {"-f 92.7", {"", "x", "wide", "nan"}, {"39k", "401k", "-100k"}, {}}},
    {"list-audio", {"", {}, {}, {"--list-audio --list-devices", "--list-audio --list-stations"}}},
    {"list-devices", {"", {}, {}, {"--list-devices --list-audio", "--list-devices --list-stations"}}},
    {"device", {"-f 92.7", {"", "x", ":", "00000001", "1.5"}, {"-1", "256"}, {"--source sim --device 0"}}},
    {"gain", {"-f 92.7", {"", "x", "high", "AUTO", "nan"}, {"-10.1", "60.1"}, {"--source sim --gain 30"}}},
    {"ppm", {"-f 92.7", {"", "x", "1,5", "nan"}, {"-1001", "1001"}, {"--source sim --ppm 1"}}},
    {"bias-tee", {"", {}, {}, {"--source sim --bias-tee"}}},
    {"on-lost",
     {"-f 92.7", {"", "x", "wait:", "wait:x", "Wait"}, {"wait:0"}, {"--source sim --on-lost exit"}}},
    {"seed", {"--source sim", {"", "x", "1.5"}, {"-1", "18446744073709551616"}, {"-f 92.7 --seed 1"}}},
    {"config", {"-f 92.7", {""}, {}, {"-f 92.7 --config x --no-config"}}},
    {"no-config", {"", {}, {}, {"-f 92.7 --no-config --config x"}}},
    {"print-config", {}},
    {"list-stations", {"", {}, {}, {"--list-stations --list-audio"}}},
    {"strict", {}},
    {"verbose", {"", {}, {}, {"-f 92.7 -v -q"}}},
    {"quiet", {"", {}, {}, {"-f 92.7 -q -v"}}},
    {"version", {}},
    {"help", {}},
};

const std::map<std::string, WrongUses> kSimUses{
    {"list", {"", {}, {}, {"--list -t 1 --iq x.cu8", "--list -t 1 --programme x.wav"}}},
    {"freq", {"-t 1 --iq x.cu8", {"", "x", "92,7"}, {"0", "99G"}, {}}},
    {"duration", {"--iq x.cu8", {"", "x", "-1"}, {"0"}, {}}},
    {"seed", {"-t 1 --iq x.cu8", {"", "x", "1.5"}, {"-1", "18446744073709551616"}, {}}},
    {"programme", {"-t 1", {"", "x", "x.flac", "-"}, {}, {"-t 1 --programme x.wav --list"}}},
    {"iq", {"-t 1", {"", "x", "x.wav", "-"}, {}, {"-t 1 --iq x.cu8 --list"}}},
    {"rate",
     {"-t 1 --iq x.cu8", {"", "x", "2,4M"}, {"0", "100k", "3.3M"}, {"-t 1 --programme x.wav --rate 1M"}}},
    {"center", {"-t 1 --iq x.cu8", {"", "x"}, {"0", "99G"}, {"-t 1 --programme x.wav --center 93M"}}},
    {"verbose", {"", {}, {}, {"--list -v -q"}}},
    {"quiet", {"", {}, {}, {"--list -q -v"}}},
    {"help", {}},
};

const std::map<std::string, WrongUses> kDoctorUses{
    {"device", {"", {"", "x", ":", "00000001"}, {"-1", "256"}, {}}},
    {"verbose", {"", {}, {}, {"-v -q"}}},
    {"quiet", {"", {}, {}, {"-q -v"}}},
    {"help", {}},
};

const std::map<std::string, WrongUses> kRdsUses{
    {"rds", {"x", {"", "x", "json", "json:", "xml:x"}, {}, {"x --rds json:- --rds hex:-"}}},
    {"rbds", {"x", {"", "x", "YES"}, {}, {}}},
    {"rate", {"x", {"", "x", "171,0k"}, {"0", "-171k"}, {}}},
    {"verbose", {"", {}, {}, {"x -v -q"}}},
    {"quiet", {"", {}, {}, {"x -q -v"}}},
    {"help", {}},
};

const std::map<std::string, WrongUses> kBatchUses{
    {"dry-run", {"", {}, {}, {"x.cu8 --dry-run"}}},
    {"output", {"x.cu8", {""}, {}, {"x.toml --output x"}}},
    {"format", {"x.cu8", {"", "x", "aac"}, {}, {"x.toml --format wav"}}},
    {"jobs", {"x.cu8", {"", "x", "1.5"}, {"0", "-1", "65536"}, {"x.toml --jobs 2"}}},
    {"verbose", {"", {}, {}, {"x.cu8 -v -q"}}},
    {"quiet", {"", {}, {}, {"x.cu8 -q -v"}}},
    {"help", {}},
};

const std::map<std::string, WrongUses>& uses_of(const CommandTable& table) {
  if (&table == &sim_table()) return kSimUses;
  if (&table == &doctor_table()) return kDoctorUses;
  if (&table == &rds_table()) return kRdsUses;
  if (&table == &batch_table()) return kBatchUses;
  return kReceiveUses;
}

Texts split(const std::string& line) {
  std::istringstream in(line);
  Texts words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

/// The line with which `table`'s command refuses `line` and the words behind it.
std::string refused(const CommandTable& table, const std::string& line, const Texts& behind = {}) {
  Texts words = split(std::string(table.name) + " " + line);
  words.insert(words.end(), behind.begin(), behind.end());
  std::vector<const char*> argv;
  std::string shown;
  for (const std::string& word : words) {
    argv.push_back(word.c_str());
    shown += word + " ";
  }
  CAPTURE(shown);
  return refusal([&] { static_cast<void>(parse(static_cast<int>(argv.size()), argv.data())); });
}

/// `body(table, row, uses)` for each option of each command.
template <class Body>
void for_each_option(Body body) {
  for (const CommandTable* const table : all_tables()) {
    const std::map<std::string, WrongUses>& all = uses_of(*table);
    for (const OptionRow& row : table->options) {
      const auto uses = all.find(std::string(row.name));
      CAPTURE(table->name, row.name);
      REQUIRE(uses != all.end());
      body(*table, row, uses->second);
    }
    CHECK(all.size() == table->options.size());
  }
}

std::string dashed(const OptionRow& row) {
  return "--" + std::string(row.name);
}

}  // namespace

TEST_CASE("an option without its value is refused") {
  for_each_option([](const CommandTable& table, const OptionRow& row, const WrongUses& uses) {
    if (row.value.empty()) return;
    const std::string needs =
        dashed(row) + " needs a value: write " + dashed(row) + " " + std::string(row.value);
    CHECK(refused(table, uses.before, {dashed(row)}) == needs);
    CHECK(refused(table, uses.before, {dashed(row) + "="}) == needs);
    CHECK(refused(table, uses.before, {dashed(row), "--quiet"}) == needs);
    if (row.letter != 0) CHECK(refused(table, uses.before, {std::string("-") + row.letter}) == needs);
  });
}

TEST_CASE("a flag with a value is refused") {
  for_each_option([](const CommandTable& table, const OptionRow& row, const WrongUses& uses) {
    if (!row.value.empty()) return;
    CHECK(refused(table, uses.before, {dashed(row) + "=yes"}) == dashed(row) + " takes no value");
  });
}

TEST_CASE("a value that is none, or too small or too large, is refused by the option's name") {
  for_each_option([](const CommandTable& table, const OptionRow& row, const WrongUses& uses) {
    if (row.value.empty()) return;
    REQUIRE_FALSE(uses.junk.empty());
    for (const Texts* const values : {&uses.junk, &uses.out_of_range}) {
      for (const std::string& value : *values) {
        const std::string line = refused(table, uses.before, {dashed(row), value});
        CHECK_THAT(line, Catch::Matchers::StartsWith(dashed(row)));
      }
    }
  });
}

TEST_CASE("an option given twice is refused, unless it may be") {
  for_each_option([](const CommandTable& table, const OptionRow& row, const WrongUses& uses) {
    if (row.value.empty() || row.repeats) return;
    CHECK(refused(table, uses.before, {dashed(row), "1", dashed(row), "1"}) ==
          dashed(row) + " was given twice; give it once");
  });
}

TEST_CASE("options that contradict each other are refused") {
  for_each_option([](const CommandTable& table, const OptionRow&, const WrongUses& uses) {
    for (const std::string& line : uses.contradictions) CHECK_FALSE(refused(table, line).empty());
  });
}

TEST_CASE("an option of another source is refused by its name") {
  const std::map<Sources, std::string> sources{{kDongle, "-f 92.7"},
                                               {kFile, "--source file:x.cu8 -s 1M"},
                                               {kStandardInput, "--source - -s 1M --iq-format cu8"},
                                               {kSimulator, "--source sim"}};
  for_each_option([&](const CommandTable& table, const OptionRow& row, const WrongUses&) {
    for (const auto& [source, line] : sources) {
      if ((row.sources & source) != 0) continue;
      const std::string shown = refused(table, line, {dashed(row) + (row.value.empty() ? "" : "=1")});
      CHECK_THAT(shown, Catch::Matchers::StartsWith(dashed(row) + " is for "));
    }
  });
}
