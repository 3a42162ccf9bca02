// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stdexcept>
#include <string>

namespace fmrx {

/// How fmrx ends. Scripts rely on these numbers; the manual lists them.
enum class ExitStatus : int {
  done = 0,
  internal = 1,
  usage = 2,
  source = 3,        ///< source missing or lost: dongle or file
  no_signal = 4,     ///< for longer than --require-signal allows, or --on-signal-lost exit
  output = 5,        ///< an output failed
  samples_lost = 6,  ///< samples were lost and --strict was given
  job_missed = 7,    ///< a job of a batch could not be met
};

/// A failure that the user can understand and act on. what() is one line: what
/// was wrong and what to do.
class Error : public std::runtime_error {
 public:
  Error(ExitStatus status, const std::string& line) : std::runtime_error(line), status_(status) {}

  [[nodiscard]] ExitStatus status() const { return status_; }

 private:
  ExitStatus status_;
};

}  // namespace fmrx
