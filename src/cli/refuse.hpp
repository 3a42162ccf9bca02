// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/words.hpp"

// How what is typed wrong is said: one line, with the option's name in front.

namespace fmrx::cli {

[[noreturn]] inline void refuse(const std::string& line) {
  throw Error(ExitStatus::usage, line);
}

inline std::string in_quotes(std::string_view text) {
  return "'" + printable(text) + "'";
}

/// The value of an option as `parse` reads it; nothing if it was not given. What
/// `parse` refuses is refused with the option's name in front.
template <class Parse>
auto read(const Words& words, std::string_view name, Parse parse)
    -> std::optional<decltype(parse(std::string_view()))> {
  const std::optional<std::string> text = words.value(name);
  if (!text) return std::nullopt;
  try {
    return parse(std::string_view(*text));
  } catch (const Error& error) {
    refuse(words.label(name) + ": " + error.what());
  }
}

}  // namespace fmrx::cli
