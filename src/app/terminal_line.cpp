// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/terminal_line.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace fmrx::app {
namespace {

constexpr std::size_t kUsualColumns = 80;
constexpr std::string_view kErase = "\r\033[K";

std::size_t columns_of(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

bool can_erase(int fd) {
  const char* const term = std::getenv("TERM");
  return ::isatty(fd) == 1 && term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
}

/// After Ctrl-Z and `bg` the terminal belongs to the shell. A terminal that does
/// not control this process (-1) has no such rule.
bool in_foreground(int fd) {
  const pid_t owner = ::tcgetpgrp(fd);
  return owner < 0 || owner == ::getpgrp();
}

/// A terminal stopped by Ctrl-S would block the writer.
bool takes_output(int fd) {
  pollfd terminal{fd, POLLOUT, 0};
  return ::poll(&terminal, 1, 0) != 0;
}

}  // namespace

TerminalLine::TerminalLine(int fd) : fd_(fd), usable_(can_erase(fd)) {
  if (usable_) log::set_bottom_line(this);
}

TerminalLine::~TerminalLine() {
  if (!usable_) return;
  log::set_bottom_line(nullptr);
  clear();
}

void TerminalLine::show(const Status& status) {
  if (!usable_) return;
  std::string line = "\r" + format_status(status, columns_of(fd_)) + "\033[K";
  const auto hold = log::hold_messages();
  line_ = std::move(line);
  redraw();
}

void TerminalLine::remove() {
  if (!usable_) return;
  const auto hold = log::hold_messages();
  clear();
  line_.clear();
}

void TerminalLine::clear() noexcept {
  if (!line_.empty()) write(kErase);
}

void TerminalLine::redraw() noexcept {
  if (!line_.empty()) write(line_);
}

void TerminalLine::write(std::string_view text) const noexcept {
  if (!in_foreground(fd_) || !takes_output(fd_)) return;
  // A line cut short is drawn again a moment later.
  [[maybe_unused]] const ssize_t written = ::write(fd_, text.data(), text.size());
}

}  // namespace fmrx::app
