// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/poller_kqueue.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <system_error>

namespace fmrx::rt {

namespace {

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// 0, or what went wrong.
int change(int kqueue, int fd, short filter, unsigned short flags) noexcept {
  struct kevent wanted {};
  wanted.ident = static_cast<uintptr_t>(fd);
  wanted.filter = filter;
  wanted.flags = flags;
  return ::kevent(kqueue, &wanted, 1, nullptr, 0, nullptr) == 0 ? 0 : errno;
}

short filter_of(Direction direction) {
  return direction == Direction::read ? EVFILT_READ : EVFILT_WRITE;
}

/// Files and directories. kqueue takes them, but at the end of a file it waits for ever,
/// where read() would return at once.
bool never_blocks(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw_errno("kqueue");
  return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode);
}

timespec time_until(TimePoint deadline, TimePoint now) {
  // Systems differ in how long a timeout they take; returning early is allowed.
  constexpr Duration kLongest = std::chrono::hours(24);
  if (deadline <= now) return {};
  const Duration left = std::min<Duration>(deadline - now, kLongest);
  const auto whole = std::chrono::floor<std::chrono::seconds>(left);
  timespec result{};
  result.tv_sec = static_cast<time_t>(whole.count());
  result.tv_nsec = static_cast<long>(std::chrono::nanoseconds(left - whole).count());
  return result;
}

void set_flags(int fd) {
  if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || ::fcntl(fd, F_SETFL, O_NONBLOCK) != 0) throw_errno("fcntl");
}

}  // namespace

KqueuePoller::KqueuePoller() : kqueue_(::kqueue()) {
  int ends[2];  // macOS has no pipe2()
  if (!kqueue_ || ::pipe(ends) != 0) throw_errno("kqueue");
  ::fcntl(kqueue_.get(), F_SETFD, FD_CLOEXEC);
  wake_read_end_.reset(ends[0]);
  wake_write_end_.reset(ends[1]);
  set_flags(ends[0]);
  set_flags(ends[1]);
  if (change(kqueue_.get(), ends[0], EVFILT_READ, EV_ADD) != 0) throw_errno("kqueue");
  ready_.reserve(kBatch);
}

TimePoint KqueuePoller::now() {
  return Clock::now();
}

bool KqueuePoller::arm(int fd, Direction direction) {
  if (never_blocks(fd)) return false;
  switch (const int error = change(kqueue_.get(), fd, filter_of(direction), EV_ADD | EV_ONESHOT)) {
    case 0:
      return true;
    case EPIPE:   // a pipe whose reader has gone: the next write tells
    case EINVAL:  // a device that cannot be watched, such as macOS's /dev/tty
    case ENODEV:
    case EPERM:
      return false;
    default:
      throw std::system_error(error, std::generic_category(), "kqueue");
  }
}

void KqueuePoller::disarm(int fd, Direction direction) noexcept {
  change(kqueue_.get(), fd, filter_of(direction), EV_DELETE);
}

std::span<const FdEvent> KqueuePoller::wait(std::optional<TimePoint> deadline) {
  ready_.clear();
  const timespec timeout = deadline ? time_until(*deadline, now()) : timespec{};
  const int count = ::kevent(kqueue_.get(), nullptr, 0, happened_.data(), static_cast<int>(kBatch),
                             deadline ? &timeout : nullptr);
  if (count < 0 && errno != EINTR) throw_errno("kqueue");
  for (int i = 0; i < count; ++i) {
    const struct kevent& event = happened_[static_cast<std::size_t>(i)];
    const int fd = static_cast<int>(event.ident);
    if (fd == wake_read_end_.get()) {
      drain_wake_pipe();
    } else {
      ready_.push_back({fd, event.filter == EVFILT_READ ? Direction::read : Direction::write});
    }
  }
  return ready_;
}

void KqueuePoller::drain_wake_pipe() noexcept {
  std::array<char, 64> bytes;
  while (::read(wake_read_end_.get(), bytes.data(), bytes.size()) > 0) {
  }
}

void KqueuePoller::wake() noexcept {
  // A full pipe is as good: it ends the next wait() too.
  while (::write(wake_write_end_.get(), "", 1) < 0 && errno == EINTR) {
  }
}

}  // namespace fmrx::rt
