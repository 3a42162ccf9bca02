// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cctype>
#include <cstddef>

#include "project/source_rules.hpp"

namespace fmrx::project {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Of 1'000: the quote at `at` stands within a token that begins with a digit.
bool is_digit_separator(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && (is_word(text[begin - 1]) || text[begin - 1] == '\'')) --begin;
  return begin < at && std::isdigit(static_cast<unsigned char>(text[begin])) != 0;
}

bool is_raw_string(std::string_view text, std::size_t quote) {
  return quote > 0 && text[quote - 1] == 'R';
}

/// One past the end of what begins at `at` and is closed by `closing`.
std::size_t end_at(std::string_view text, std::size_t at, std::string_view closing) {
  const std::size_t found = text.find(closing, at);
  return found == std::string_view::npos ? text.size() : found + closing.size();
}

std::size_t end_of_raw_string(std::string_view text, std::size_t quote) {
  const std::size_t open = text.find('(', quote);
  if (open == std::string_view::npos) return text.size();
  return end_at(text, open, ")" + std::string(text.substr(quote + 1, open - quote - 1)) + "\"");
}

std::size_t end_of_literal(std::string_view text, std::size_t quote) {
  std::size_t at = quote + 1;
  while (at < text.size() && text[at] != text[quote] && text[at] != '\n') at += text[at] == '\\' ? 2 : 1;
  return at < text.size() ? at + 1 : text.size();
}

/// One past the end of the comment or literal that begins at `at`; `at` itself if none does.
std::size_t end_of_skipped(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("//")) {
    const std::size_t line_end = text.find('\n', at);
    return line_end == std::string_view::npos ? text.size() : line_end;
  }
  if (rest.starts_with("/*")) return end_at(text, at + 2, "*/");
  if (rest.starts_with('"')) {
    return is_raw_string(text, at) ? end_of_raw_string(text, at) : end_of_literal(text, at);
  }
  if (rest.starts_with('\'') && !is_digit_separator(text, at)) return end_of_literal(text, at);
  return at;
}

}  // namespace

std::string without_comments_and_literals(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_skipped(text, at);
    for (std::size_t i = at; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = end > at ? end : at + 1;
  }
  return code;
}

}  // namespace fmrx::project
