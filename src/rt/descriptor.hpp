// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <coroutine>

#include "rt/event_loop.hpp"

namespace fmrx::rt {

class DescriptorAwaiter {
 public:
  DescriptorAwaiter(int fd, Direction direction) noexcept : fd_(fd), direction_(direction) {}
  DescriptorAwaiter(const DescriptorAwaiter&) = delete;
  DescriptorAwaiter& operator=(const DescriptorAwaiter&) = delete;
  ~DescriptorAwaiter() {
    if (waiting_) EventLoop::current().stop_waiting_for(fd_, direction_, waiter_);
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> caller) {
    waiter_.coroutine = caller;
    waiting_ = EventLoop::current().wait_for(fd_, direction_, waiter_);
    return waiting_;
  }
  void await_resume() noexcept { waiting_ = false; }

 private:
  int fd_;
  Direction direction_;
  bool waiting_ = false;
  Waiter waiter_;
};

/// Wait until a read (write) would not block; at once for a regular file. One coroutine for
/// each descriptor and direction. The descriptor must stay open meanwhile.
[[nodiscard]] inline DescriptorAwaiter readable(int fd) {
  return {fd, Direction::read};
}
[[nodiscard]] inline DescriptorAwaiter writable(int fd) {
  return {fd, Direction::write};
}

}  // namespace fmrx::rt
