// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "rt/event_loop.hpp"
#include "rt/frame_pool.hpp"
#include "rt/waiter.hpp"

namespace fmrx::rt {

template <class T>
class Task;
template <class T>
class TaskPromise;

/// Who is told that a task which nobody awaits has ended.
class TaskOwner {
 public:
  virtual void task_ended(TaskPromise<void>& task) noexcept = 0;

 protected:
  ~TaskOwner() = default;
};

/// What the promises of all tasks share. Once started, a task has either a coroutine that
/// awaits it or, if it gives no value, perhaps an owner.
class PromiseBase : public RecycledFrame {
 public:
  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }

  /// Tells whoever waits, by way of the loop: nothing is resumed in place.
  class FinalAwaiter {
   public:
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      self.promise().tell_end();
    }
    void await_resume() const noexcept {}
  };
  [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }

  void unhandled_exception() noexcept { error_ = std::current_exception(); }
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

  /// Resumes `caller` at the task's end, by way of the waiter that it returns.
  Waiter& continue_with(std::coroutine_handle<> caller) noexcept {
    waiter_.coroutine = caller;
    return waiter_;
  }

  void tell_end() noexcept {
    // A task that ends without suspending has nobody to wake: its caller is below it on the stack.
    if (waiter_.coroutine) EventLoop::current().post(waiter_);
  }

 protected:
  PromiseBase() = default;
  ~PromiseBase() = default;

  void rethrow_error() {
    if (error_) [[unlikely]]
      std::rethrow_exception(std::exchange(error_, nullptr));
  }

  Waiter waiter_;  ///< who awaits the task; with an owner, the task itself until it begins

 private:
  std::exception_ptr error_;
};

template <class T>
class TaskPromise final : public PromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  template <class U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    rethrow_error();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

/// Only a task without a value can have an owner, who keeps it in a list.
template <>
class TaskPromise<void> final : public PromiseBase, public Link {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() { rethrow_error(); }

  /// Leaves the task to `owner`, to be started by the loop.
  void start_later(TaskOwner& owner, std::coroutine_handle<> self) noexcept {
    owner_ = &owner;
    waiter_.coroutine = self;
    EventLoop::current().post(waiter_);
  }

  void tell_end() noexcept {
    if (owner_ != nullptr) {
      owner_->task_ended(*this);
    } else {
      PromiseBase::tell_end();
    }
  }

  /// For the owner. Not before the task's last resumption has returned.
  void destroy() noexcept { waiter_.coroutine.destroy(); }

 private:
  TaskOwner* owner_ = nullptr;
};

/// A coroutine that begins when it is awaited, and then like a function call: on its
/// caller's stack, with no trip round the loop if it ends without suspending. Destroying
/// a task that is suspended cancels it: its locals are destroyed, innermost call first.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle coroutine) noexcept : coroutine_(coroutine) {}
  Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (coroutine_) [[unlikely]]
      coroutine_.destroy();
  }

  /// Owns the task from now on: when it goes, so does the task, ended or not.
  class Awaiter {
   public:
    explicit Awaiter(Handle coroutine) noexcept : coroutine_(coroutine) {
      assert(coroutine && "a task can be awaited once");
    }
    Awaiter(const Awaiter&) = delete;
    Awaiter& operator=(const Awaiter&) = delete;
    ~Awaiter() { coroutine_.destroy(); }

    /// Runs the task to its first suspension. True: it has not ended.
    bool start() {
      coroutine_.resume();
      return !coroutine_.done();
    }
    [[nodiscard]] bool done() const noexcept { return coroutine_.done(); }
    Waiter& continue_with(std::coroutine_handle<> caller) noexcept {
      return coroutine_.promise().continue_with(caller);
    }

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> caller) {
      if (!start()) return false;
      continue_with(caller);
      return true;
    }
    T await_resume() { return coroutine_.promise().take(); }

   private:
    Handle coroutine_;
  };

  [[nodiscard]] Awaiter operator co_await() && noexcept { return Awaiter(release()); }

 private:
  friend class Scope;
  Handle release() noexcept { return std::exchange(coroutine_, {}); }

  Handle coroutine_;
};

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

}  // namespace fmrx::rt
