// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <mutex>
#include <string_view>

/// What fmrx says while it works: one line a message on standard error, as
/// `fmrx: ...`, `fmrx: warning: ...` or `fmrx: error: ...`. Without times: a
/// terminal needs none, and a journal adds its own.
///
/// Any thread may log. Logging never throws, and a terminal that takes nothing
/// (Ctrl-S) costs at most a tenth of a second: then lines are lost, not samples.
namespace fmrx::log {

enum class Level { debug, info, warn, error };

/// Lines below `lowest` are dropped. The default is Level::info.
void set_level(Level lowest) noexcept;

void debug(std::string_view line) noexcept;
void info(std::string_view line) noexcept;
void warn(std::string_view line) noexcept;
void error(std::string_view line) noexcept;

/// A line that stays at the bottom of the same terminal, such as the status
/// line. It steps aside for each message. Both functions are called while no
/// other message can be written, from the thread that logs; neither may log.
class BottomLine {
 public:
  virtual ~BottomLine() = default;
  virtual void clear() noexcept = 0;
  virtual void redraw() noexcept = 0;
};

/// `line` must live until it is replaced; nullptr: there is none.
void set_bottom_line(BottomLine* line) noexcept;

/// No message is written while this lock is held: the bottom line draws itself
/// under it. Do not log while holding it.
[[nodiscard]] std::unique_lock<std::mutex> hold_messages();

}  // namespace fmrx::log
