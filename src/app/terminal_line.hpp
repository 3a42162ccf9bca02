// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "app/status_line.hpp"
#include "base/log.hpp"

namespace fmrx::app {

/// The status line on the terminal: shown again and again in the same place,
/// below the messages of log.hpp. It shows nothing where there is nobody to see
/// it (no terminal, TERM=dumb) or where it would scribble over another program
/// (fmrx in the background), and skips a turn while the terminal is stopped.
class TerminalLine : public log::BottomLine {
 public:
  /// Draws on `fd`, which must outlive this, and steps aside for messages.
  explicit TerminalLine(int fd = 2);
  ~TerminalLine() override;
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;

  /// Is there a terminal to draw on? If not, show() does nothing.
  [[nodiscard]] bool usable() const { return usable_; }

  /// Draws `status` over what was there, as wide as the terminal is now.
  void show(const Status& status);

  /// Erases the line and forgets it: the cursor stands where it began. Call it
  /// before leaving or stopping (Ctrl-Z); show() brings the line back.
  void remove();

  // For log.hpp.
  void clear() noexcept override;
  void redraw() noexcept override;

 private:
  void write(std::string_view text) const noexcept;

  int fd_;
  bool usable_;
  std::string line_;  ///< what stands on the terminal, with its control characters
};

}  // namespace fmrx::app
