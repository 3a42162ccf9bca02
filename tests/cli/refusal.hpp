// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "support/catch2.hpp"

namespace fmrx::test {

/// For CHECK: Catch2 2.13 and 3 name their matchers for this differently.
inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The line with which `body` refuses. Fails unless it is one line and a matter
/// of usage.
template <class Body>
std::string refusal(Body body) {
  try {
    body();
  } catch (const Error& error) {
    const std::string line = error.what();
    UNSCOPED_INFO(line);
    CHECK(error.status() == ExitStatus::usage);
    CHECK_FALSE(line.empty());
    CHECK(line.find('\n') == std::string::npos);
    return line;
  }
  FAIL_CHECK("was not refused");
  return {};
}

}  // namespace fmrx::test
