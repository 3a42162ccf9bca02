// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/help.hpp"

#include <set>
#include <sstream>
#include <string>
#include <variant>

#include "cli/option_table.hpp"
#include "cli/options.hpp"
#include "cli/refusal.hpp"
#include "support/catch2.hpp"

using namespace fmrx::cli;
using fmrx::test::contains;

TEST_CASE("help and version are text for standard output") {
  const char* const help[] = {"fmrx", "--help"};
  CHECK(std::get<Text>(parse(2, help)).text == help_text(receive_table()));
  const char* const sim_help[] = {"fmrx", "sim", "-h"};
  CHECK(std::get<Text>(parse(3, sim_help)).text == help_text(sim_table()));
  const char* const version[] = {"fmrx", "--version"};
  CHECK_THAT(std::get<Text>(parse(2, version)).text, Catch::Matchers::StartsWith("fmrx 0."));
}

TEST_CASE("the help fits 80 columns and ends with a newline") {
  for (const CommandTable* const table : all_tables()) {
    const std::string help = help_text(*table);
    CHECK(help.back() == '\n');
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(line.size() <= 80);
      CHECK((line.empty() || line.back() != ' '));
    }
  }
}

TEST_CASE("the help names every option with its value and default") {
  for (const CommandTable* const table : all_tables()) {
    const std::string help = help_text(*table);
    for (const OptionRow& row : table->options) {
      const std::string name = "--" + std::string(row.name);
      CAPTURE(name);
      CHECK(contains(help, row.value.empty() ? name : name + " " + std::string(row.value)));
      CHECK(contains(help, std::string(heading(row.group))));
      if (row.letter != 0) {
        CHECK(contains(help, std::string("-") + row.letter + ", " + name));
      }
      if (!row.default_value.empty()) {
        CHECK(contains(help, "[" + std::string(row.default_value) + "]"));
      }
    }
  }
}

TEST_CASE("no name or letter stands for two options") {
  for (const CommandTable* const table : all_tables()) {
    std::set<std::string_view> names;
    std::set<char> letters;
    for (const OptionRow& row : table->options) {
      CHECK(names.insert(row.name).second);
      if (row.letter != 0) {
        CHECK(letters.insert(row.letter).second);
      }
    }
  }
}

TEST_CASE("every example of the help is understood") {
  for (const CommandTable* const table : all_tables()) {
    for (const Example& example : table->examples) {
      CAPTURE(example.command);
      std::vector<std::string> words;
      std::istringstream text{std::string(example.command.substr(0, example.command.find_first_of("|<")))};
      for (std::string word; text >> word;) words.push_back(word);
      std::vector<const char*> argv;
      for (const std::string& word : words) argv.push_back(word.c_str());
      CHECK_NOTHROW(parse(static_cast<int>(argv.size()), argv.data()));
    }
  }
}
