// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rds/station.hpp"

namespace fmrx::report {

/// A change of what a station says of itself: "station" (its PI), "name" (PS), "text" (RadioText),
/// "title" (what plays, by RT+), "type" (PTY) or "traffic" (an announcement begins or ends).
struct Event {
  std::string_view name;
  std::string text;  ///< what is new, for people: valid UTF-8 in one line
  std::string line;  ///< the same as JSON, with its end
};

/// Tells what has changed, so that a script need not compare.
class EventTeller {
 public:
  /// What changed with the group that came at `time`; usually nothing.
  [[nodiscard]] std::vector<Event> changes(const rds::StationFacts& facts, std::chrono::duration<double> time,
                                           std::optional<std::chrono::system_clock::time_point> received);

 private:
  rds::StationFacts told_;
};

}  // namespace fmrx::report
