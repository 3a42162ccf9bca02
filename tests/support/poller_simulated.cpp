// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/poller_simulated.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace fmrx::rt {

namespace {

constexpr int kDeadlock_ms = 60'000;

short events_of(Direction direction) {
  return direction == Direction::read ? POLLIN : POLLOUT;
}

}  // namespace

SimulatedPoller::SimulatedPoller(std::uint64_t seed) : seed_(seed), random_(seed) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  wake_read_end_.reset(ends[0]);
  wake_write_end_.reset(ends[1]);
  for (const int end : ends) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
}

bool SimulatedPoller::arm(int fd, Direction direction) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw std::system_error(errno, std::generic_category(), "poll");
  if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) return false;
  disarm(fd, direction);
  armed_.push_back({fd, direction});
  return true;
}

void SimulatedPoller::disarm(int fd, Direction direction) noexcept {
  std::erase_if(armed_, [&](const Armed& armed) { return armed.fd == fd && armed.direction == direction; });
}

std::span<const FdEvent> SimulatedPoller::wait(std::optional<TimePoint> deadline) {
  ready_.clear();
  const bool something = look(deadline ? 0 : kDeadlock_ms);
  if (!something && !deadline) throw std::logic_error("deadlock: every coroutine waits for another");
  if (!something) now_ = std::max(now_, *deadline);
  return ready_;
}

bool SimulatedPoller::look(int timeout_ms) {
  std::vector<pollfd> looked{{wake_read_end_.get(), POLLIN, 0}};
  for (const Armed& armed : armed_) looked.push_back({armed.fd, events_of(armed.direction), 0});
  const int count = ::poll(looked.data(), looked.size(), timeout_ms);
  if (count < 0) {
    if (errno == EINTR) return true;
    throw std::system_error(errno, std::generic_category(), "poll");
  }
  std::vector<Armed> still_armed;
  for (std::size_t i = 0; i < armed_.size(); ++i) {
    const Armed armed = armed_[i];
    const short happened = looked[i + 1].revents;
    if ((happened & POLLNVAL) != 0) continue;  // closed: forgotten, as by epoll
    if (happened != 0) {
      ready_.push_back({armed.fd, armed.direction});
    } else {
      still_armed.push_back(armed);
    }
  }
  armed_ = std::move(still_armed);
  std::array<char, 64> bytes;
  while (::read(wake_read_end_.get(), bytes.data(), bytes.size()) > 0) {
  }
  return count > 0;
}

void SimulatedPoller::wake() noexcept {
  [[maybe_unused]] const auto written = ::write(wake_write_end_.get(), "", 1);
}

void SimulatedPoller::arrange(List<Waiter>& woken) {
  if (seed_ == 0) return;
  std::vector<Waiter*> order;
  while (!woken.empty()) order.push_back(&woken.pop_front());
  // Fisher-Yates by hand: std::shuffle differs between standard libraries.
  for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random_() % left]);
  for (Waiter* const waiter : order) woken.push_back(*waiter);
}

}  // namespace fmrx::rt
