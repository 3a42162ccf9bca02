// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The only file that includes CLI11, which is slow to compile.
#include "cli/words.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <stdexcept>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/frequency.hpp"

namespace fmrx::cli {
namespace {

[[noreturn]] void refuse(const std::string& line) {
  throw Error(ExitStatus::usage, line);
}

/// The row that `word` names, as `--freq`, `--freq=92.7M`, `-f` or `-f92.7M`.
const OptionRow* row_named_by(const CommandTable& table, std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return nullptr;
  if (word[1] != '-') return table.find(word[1]);
  return table.find(word.substr(2, word.find('=') - 2));
}

std::string dashed(const OptionRow& row) {
  return "--" + std::string(row.name);
}

[[noreturn]] void refuse_missing_value(const OptionRow& row) {
  refuse(dashed(row) + " needs a value: write " + dashed(row) + " " + std::string(row.value));
}

// CLI11 would take the next word for the value of `--freq=`, and lets flags be
// switched off by `--mono=false`.
void check_equal_signs(const CommandTable& table, const std::vector<std::string>& arguments) {
  for (const std::string& word : arguments) {
    const auto sign = word.find('=');
    if (word.rfind("--", 0) != 0 || sign == std::string::npos) continue;
    const OptionRow* row = row_named_by(table, word);
    if (row == nullptr) continue;
    if (row->value.empty()) refuse(dashed(*row) + " takes no value");
    if (sign + 1 == word.size()) refuse_missing_value(*row);
  }
}

// CLI11 takes whatever comes next for a value, so only the last word can lack
// one: a long option, or the last letter of a cluster.
[[noreturn]] void refuse_last_word(const CommandTable& table, const std::string& word) {
  const bool is_long = word.rfind("--", 0) == 0;
  const OptionRow* row = is_long ? row_named_by(table, word) : table.find(word.back());
  if (row == nullptr)
    refuse("'" + printable(word) + "' is not understood; see " + std::string(table.name) + " --help");
  refuse_missing_value(*row);
}

[[noreturn]] void refuse_extra_word(const CommandTable& table, const std::string& word) {
  const std::string see_help = "; see " + std::string(table.name) + " --help";
  if (word.size() > 1 && word[0] == '-') {
    const std::string name = word.substr(0, word.find('='));
    std::vector<std::string_view> names;
    for (const OptionRow& row : table.options) names.push_back(row.name);
    const auto meant = word[1] == '-' ? nearest(std::string_view(name).substr(2), names) : std::nullopt;
    const std::string hint = meant ? "; did you mean --" + std::string(*meant) + "?" : see_help;
    refuse("unknown option " + printable(word[1] == '-' ? name : word.substr(0, 2)) + hint);
  }
  try {
    static_cast<void>(parse_frequency(word));
  } catch (const Error&) {
    refuse("unexpected '" + printable(word) + "'" + see_help);
  }
  refuse("unexpected '" + word + "'; did you mean --freq " + word + "?");
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> Words::value(std::string_view name) const {
  const std::vector<std::string>& all = values(name);
  return all.empty() ? std::nullopt : std::optional(all.front());
}

std::string Words::label(std::string_view name) const {
  const auto place = places_.find(name);
  return place == places_.end() ? "--" + std::string(name) : place->second + std::string(name);
}

const std::vector<std::string>& Words::values(std::string_view name) const {
  static const std::vector<std::string> none;
  if (table_->find(name) == nullptr) throw std::logic_error("no option --" + std::string(name));
  const auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

std::optional<std::string_view> nearest(std::string_view text,
                                        const std::vector<std::string_view>& candidates) {
  std::optional<std::string_view> best;
  std::size_t least = std::max<std::size_t>(2, text.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const bool begins_alike =
        text.size() >= 3 && (candidate.rfind(text, 0) == 0 || text.rfind(candidate, 0) == 0);
    const std::size_t distance = begins_alike ? 1 : edit_distance(text, candidate);
    // As many edits as there are letters make anything out of anything.
    if (distance < least && distance < std::max(text.size(), candidate.size())) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

Words split_words(const CommandTable& table, const std::vector<std::string>& arguments) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::map<std::string_view, CLI::Option*> fed;
  for (const OptionRow& row : table.options) {
    std::string names = dashed(row);
    if (row.letter != 0) names += std::string(",-") + row.letter;
    CLI::Option* option = row.value.empty() ? app.add_flag(names) : app.add_option(names);
    fed[row.name] = option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  check_equal_signs(table, arguments);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError&) {
    refuse_last_word(table, arguments.back());
  }

  Words words(table);
  for (const OptionRow& row : table.options) {
    for (const std::string& value : fed[row.name]->results()) words.add(row.name, value);
  }
  if (words.given("help")) return words;
  if (table.find("version") != nullptr && words.given("version")) return words;

  for (const OptionRow& row : table.options) {
    if (row.value.empty()) continue;
    const std::vector<std::string>& values = words.values(row.name);
    for (const std::string& value : values) {
      // `-f -t 10`: the value was forgotten, and the next option taken for it.
      if (row_named_by(table, value) != nullptr) refuse_missing_value(row);
    }
    if (values.size() > 1 && !row.repeats) refuse(dashed(row) + " was given twice; give it once");
  }
  for (const std::string& word : app.remaining()) {
    const bool is_operand = table.takes_words && (word.size() < 2 || word[0] != '-');
    if (is_operand) words.add_word(word);
    if (!is_operand && word != "--") refuse_extra_word(table, word);
  }
  return words;
}

}  // namespace fmrx::cli
