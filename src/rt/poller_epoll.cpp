// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/poller_epoll.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <climits>
#include <system_error>

namespace fmrx::rt {

namespace {

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::uint32_t mask_of(Direction direction) {
  return direction == Direction::read ? EPOLLIN : EPOLLOUT;
}

/// Rounded up: a timer never fires early, and a loop does not spin on the last fraction.
int milliseconds_until(TimePoint deadline, TimePoint now) {
  if (deadline <= now) return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now).count();
  return left > INT_MAX ? INT_MAX : static_cast<int>(left);
}

}  // namespace

EpollPoller::EpollPoller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!epoll_ || !wake_) throw_errno("epoll");
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;  // edge-triggered: the counter needs no reading
  event.data.fd = wake_.get();
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) throw_errno("epoll");
  ready_.reserve(2 * kBatch);
}

TimePoint EpollPoller::now() {
  return Clock::now();
}

bool EpollPoller::arm(int fd, Direction direction) {
  if (fd < 0) throw std::system_error(EBADF, std::generic_category(), "epoll");
  const auto index = static_cast<std::size_t>(fd);
  if (index >= interests_.size()) interests_.resize(index + 1);
  Interest& interest = interests_[index];
  return set_interest(fd, interest, interest.armed | mask_of(direction));
}

void EpollPoller::disarm(int fd, Direction direction) noexcept {
  const auto index = static_cast<std::size_t>(fd);
  if (fd < 0 || index >= interests_.size()) return;
  Interest& interest = interests_[index];
  if (!interest.known) return;
  interest.armed &= ~mask_of(direction);
  epoll_event event{};
  event.events = interest.armed | EPOLLONESHOT;
  event.data.fd = fd;
  const int operation = interest.armed == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  ::epoll_ctl(epoll_.get(), operation, fd, &event);
  interest.known = interest.armed != 0;
}

bool EpollPoller::set_interest(int fd, Interest& interest, std::uint32_t armed) {
  epoll_event event{};
  event.events = armed | EPOLLONESHOT;
  event.data.fd = fd;
  int result = ::epoll_ctl(epoll_.get(), interest.known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
  // A descriptor closed and opened again under its old number has left epoll by itself.
  if (result != 0 && interest.known && errno == ENOENT)
    result = ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  if (result != 0) {
    interest = {};
    if (errno == EPERM) return false;
    throw_errno("epoll");
  }
  interest.known = true;
  interest.armed = armed;
  return true;
}

std::span<const FdEvent> EpollPoller::wait(std::optional<TimePoint> deadline) {
  ready_.clear();
  const int timeout_ms = deadline ? milliseconds_until(*deadline, now()) : -1;
  const int count = ::epoll_wait(epoll_.get(), happened_.data(), static_cast<int>(kBatch), timeout_ms);
  if (count < 0 && errno != EINTR) throw_errno("epoll");
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = happened_[static_cast<std::size_t>(i)];
    if (event.data.fd != wake_.get()) report(event.data.fd, event.events);
  }
  return ready_;
}

void EpollPoller::report(int fd, std::uint32_t happened) {
  Interest& interest = interests_[static_cast<std::size_t>(fd)];
  const std::uint32_t armed = interest.armed;
  // A hang-up or an error ends every wait: read() or write() will tell which it was.
  if ((happened & (EPOLLHUP | EPOLLERR)) != 0) happened |= EPOLLIN | EPOLLOUT;
  if ((armed & happened & EPOLLIN) != 0) ready_.push_back({fd, Direction::read});
  if ((armed & happened & EPOLLOUT) != 0) ready_.push_back({fd, Direction::write});
  interest.armed = armed & ~happened;
  // One shot disabled both directions; the one that did not happen is still wanted.
  if (interest.armed != 0) set_interest(fd, interest, interest.armed);
}

void EpollPoller::wake() noexcept {
  const std::uint64_t one = 1;
  // A counter that is full wakes by itself.
  while (::write(wake_.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
}

}  // namespace fmrx::rt
