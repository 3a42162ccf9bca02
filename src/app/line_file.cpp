// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/line_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "sink/system_cause.hpp"

namespace fmrx::app {

namespace {

[[noreturn]] void cannot_write(const std::string& name, int error_number) {
  throw Error(ExitStatus::output, "cannot write " + name + ": " + sink::system_cause(error_number));
}

/// How long a reader may take nothing, once it is to be given up.
constexpr int kPatience_ms = 250;

/// True: a write of PIPE_BUF bytes will not block, or will fail and tell why.
bool wait_for_reader(int fd, const std::atomic<bool>& give_up) {
  for (;;) {
    pollfd entry{fd, POLLOUT, 0};
    if (::poll(&entry, 1, kPatience_ms) > 0) return true;
    if (give_up.load()) return false;
  }
}

}  // namespace

int descriptor_of(std::string_view target) {
  constexpr std::string_view kPrefix = "fd:";
  if (target == "-") return STDOUT_FILENO;
  if (!target.starts_with(kPrefix)) return -1;
  target.remove_prefix(kPrefix.size());
  int fd = -1;
  const auto [end, error] = std::from_chars(target.data(), target.data() + target.size(), fd);
  return error == std::errc() && end == target.data() + target.size() ? fd : -1;
}

void require_open(const std::string& target) {
  const int fd = descriptor_of(target);
  if (fd < 0) return;
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
    cannot_write(fd == STDOUT_FILENO ? "standard output" : printable(target), EBADF);
}

LineFile::LineFile(const std::string& target) : name_(printable(target)), fd_(descriptor_of(target)) {
  if (fd_ == STDOUT_FILENO) name_ = "standard output";
  if (fd_ < 0) open_path(target);
}

/// A named pipe without a reader is refused rather than waited for.
void LineFile::open_path(const std::string& path) {
  owned_.reset(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666));
  if (!owned_) cannot_write(name_, errno);
  fd_ = owned_.get();
}

LineFile::Outcome LineFile::write(std::string_view text, const std::atomic<bool>& give_up) {
  while (!text.empty()) {
    if (!wait_for_reader(fd_, give_up)) return Outcome::gave_up;
    const ssize_t written = ::write(fd_, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return Outcome::reader_gone;
    } else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
      cannot_write(name_, errno);
    }
  }
  return Outcome::written;
}

bool LineFile::is_terminal() const {
  return ::isatty(fd_) != 0;
}

}  // namespace fmrx::app
