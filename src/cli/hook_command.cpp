// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/hook_command.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/printable.hpp"

namespace fmrx::cli {

namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
      if (!in_word) words.emplace_back();
      in_word = true;
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      in_word = false;
    } else {
      if (!in_word) words.emplace_back();
      in_word = true;
      words.back() += c;
    }
  }
  if (quote != 0) throw Error(ExitStatus::usage, "a quote has no partner in '" + printable(text) + "'");
  if (words.empty()) throw Error(ExitStatus::usage, "'" + printable(text) + "' is no command");
  return words;
}

/// The name in braces at the beginning of `text`, of lower case letters; else empty.
std::string_view field_at(std::string_view text) {
  if (text.empty() || text[0] != '{') return {};
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", 1);
  return end != std::string_view::npos && text[end] == '}' ? text.substr(1, end - 1) : std::string_view();
}

}  // namespace

HookCommand::HookCommand(std::string_view text, const std::vector<std::string_view>& fields)
    : words_(split(text)) {
  for (const std::string& word : words_) {
    for (std::size_t at = word.find('{'); at != std::string::npos; at = word.find('{', at + 1)) {
      const std::string_view field = field_at(std::string_view(word).substr(at));
      if (field.empty()) continue;
      if (std::ranges::find(fields, field) == fields.end()) {
        std::string known;
        for (const std::string_view name : fields)
          known += (known.empty() ? "{" : ", {") + std::string(name) + "}";
        throw Error(ExitStatus::usage, "there is no field {" + std::string(field) + "}; write " + known);
      }
      has_fields_ = true;
    }
  }
}

std::vector<std::string> HookCommand::words(const Values& values, std::string_view otherwise) const {
  std::vector<std::string> filled;
  for (const std::string& word : words_) {
    std::string& text = filled.emplace_back();
    for (std::size_t at = 0; at < word.size();) {
      const std::string_view field = field_at(std::string_view(word).substr(at));
      const auto value = field.empty() ? values.end() : values.find(field);
      if (value == values.end()) {
        text += word[at++];
      } else {
        text += value->second;
        at += field.size() + 2;
      }
    }
  }
  const auto value = values.find(otherwise);
  if (!has_fields_ && value != values.end()) filled.push_back(value->second);
  // An argument ends at a zero, whatever follows.
  for (std::string& word : filled) std::erase(word, '\0');
  return filled;
}

}  // namespace fmrx::cli
