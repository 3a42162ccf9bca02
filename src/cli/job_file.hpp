// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schedule/plan.hpp"

namespace fmrx::cli {

/// A job of `fmrx batch`: what is to be recorded, and when.
struct Job {
  std::string name;                    ///< for messages
  std::vector<std::string> arguments;  ///< of `fmrx`, but for its times
  schedule::Timetable times;
};

/// The jobs of a TOML file; docs/recording.md lists its keys. `path` is for messages. Throws
/// fmrx::Error (usage), one line, for the first thing that is wrong, times and options of each job
/// included.
[[nodiscard]] std::vector<Job> parse_jobs(std::string_view text, const std::string& path);

}  // namespace fmrx::cli
