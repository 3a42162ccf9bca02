// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "rds/station.hpp"

namespace fmrx::report {

/// Tells what has changed in what a station says of itself, so that a script need not compare:
/// "station" (its PI), "name" (PS), "text" (RadioText), "title" (what plays, by RT+), "type" (PTY)
/// and "traffic" (an announcement begins or ends).
class EventTeller {
 public:
  /// Lines of JSON, each with its end, for what changed with the group that came at `time`; usually none.
  [[nodiscard]] std::string changes(const rds::StationFacts& facts, std::chrono::duration<double> time,
                                    std::optional<std::chrono::system_clock::time_point> received);

 private:
  rds::StationFacts told_;
};

}  // namespace fmrx::report
