// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/option_table.hpp"

namespace fmrx::cli {

/// The options that were given, with their values still as text.
class Words {
 public:
  explicit Words(const CommandTable& table) : table_(&table) {}

  void add_word(std::string word) { words_.push_back(std::move(word)); }
  /// `place` says where it stands, if that is not the command line: "fmrx.toml:3: ".
  void add(std::string_view name, std::string value, std::string place = {}) {
    values_[name].push_back(std::move(value));
    if (!place.empty()) places_[name] = std::move(place);
  }
  void remove(std::string_view name) { values_.erase(name); }

  [[nodiscard]] const CommandTable& table() const { return *table_; }
  [[nodiscard]] bool given(std::string_view name) const { return !values(name).empty(); }
  /// Given on the command line itself?
  [[nodiscard]] bool typed(std::string_view name) const { return given(name) && places_.count(name) == 0; }
  /// How messages name the option: "--freq", or "fmrx.toml:3: freq".
  [[nodiscard]] std::string label(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& values(std::string_view name) const;
  /// What is no option, where the table takes such words.
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

 private:
  const CommandTable* table_;
  std::vector<std::string> words_;
  std::map<std::string_view, std::vector<std::string>> values_;  // keys live in the table
  std::map<std::string_view, std::string> places_;
};

/// Splits a command line as `table` says. Throws fmrx::Error (usage) with one
/// line for an unknown option (with the nearest known one), a missing value, a
/// value where none belongs, an option given twice, and a word too many. Where
/// --help or --version stands, unknown and repeated options do not matter.
[[nodiscard]] Words split_words(const CommandTable& table, const std::vector<std::string>& arguments);

/// The candidate most like `text`, if one is alike enough to be what was meant.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view text,
                                                      const std::vector<std::string_view>& candidates);

}  // namespace fmrx::cli
