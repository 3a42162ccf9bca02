// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fmrx {

/// C libraries print on `stderr`, in the middle of the status line, what only they know:
/// librtlsdr says nowhere else that its PLL has not locked. From here on, that goes to the log
/// at the lowest level, line by line.
///
/// The FILE is replaced, not the descriptor: the log, the status line and what a crashing
/// process says (abort(), sanitizers) write to descriptor 2 as ever, and there is no pipe whose
/// contents a crash could lose. Call it before other threads print. Where the C library cannot
/// do it (musl), nothing changes.
void take_over_library_messages() noexcept;

/// Collects what libraries print in this thread while it lives. Not nested.
class LibraryMessages {
 public:
  LibraryMessages();
  LibraryMessages(const LibraryMessages&) = delete;
  LibraryMessages& operator=(const LibraryMessages&) = delete;
  ~LibraryMessages();

  [[nodiscard]] bool contain(std::string_view text) const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace fmrx
