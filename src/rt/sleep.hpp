// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "rt/event_loop.hpp"
#include "rt/task.hpp"
#include "rt/timer_heap.hpp"

namespace fmrx::rt {

class SleepAwaiter {
 public:
  explicit SleepAwaiter(TimePoint due) noexcept : timer_(due, waiter_) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> caller) {
    waiter_.coroutine = caller;
    EventLoop::current().add(timer_);
  }
  void await_resume() const noexcept {}

 private:
  Waiter waiter_;
  Timer timer_;
};

/// Never early; late by the rest of the present turn of the loop and, under epoll, up to 1 ms.
[[nodiscard]] inline SleepAwaiter sleep_until(TimePoint due) {
  return SleepAwaiter(due);
}
[[nodiscard]] inline SleepAwaiter sleep_for(Duration duration) {
  return SleepAwaiter(EventLoop::current().now() + duration);
}

class YieldAwaiter {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> caller) noexcept {
    waiter_.coroutine = caller;
    EventLoop::current().post(waiter_);
  }
  void await_resume() const noexcept {}

 private:
  Waiter waiter_;
};

/// Lets everything else that is ready run first.
[[nodiscard]] inline YieldAwaiter yield() {
  return YieldAwaiter();
}

/// Awaits a task, but no longer than until `deadline`: then the task is cancelled, and the
/// result is an empty optional (for a task without a value: false).
template <class T>
class TimeoutAwaiter {
 public:
  using Result = std::conditional_t<std::is_void_v<T>, bool, std::optional<T>>;

  TimeoutAwaiter(TimePoint deadline, Task<T> task)
      : deadline_(deadline), task_(std::move(task).operator co_await()) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> caller) {
    if (!task_.start()) return false;
    timer_.emplace(deadline_, task_.continue_with(caller));
    EventLoop::current().add(*timer_);
    return true;
  }
  Result await_resume() {
    // Woken by the task's end or by the timer. When both happened in one turn, the task won.
    if (!task_.done()) return Result{};
    if constexpr (std::is_void_v<T>) {
      task_.await_resume();
      return true;
    } else {
      return Result(task_.await_resume());
    }
  }

 private:
  TimePoint deadline_;
  typename Task<T>::Awaiter task_;
  std::optional<Timer> timer_;
};

template <class T>
[[nodiscard]] TimeoutAwaiter<T> with_deadline(TimePoint deadline, Task<T> task) {
  return TimeoutAwaiter<T>(deadline, std::move(task));
}
template <class T>
[[nodiscard]] TimeoutAwaiter<T> with_timeout(Duration timeout, Task<T> task) {
  return TimeoutAwaiter<T>(EventLoop::current().now() + timeout, std::move(task));
}

}  // namespace fmrx::rt
