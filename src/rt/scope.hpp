// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <exception>
#include <utility>

#include "rt/event_loop.hpp"
#include "rt/task.hpp"

namespace fmrx::rt {

/// Tasks that run beside each other and end together: asyncio's TaskGroup. The first
/// error stops the others and is thrown by join(). Whatever way the scope is left, no task
/// of it is running any more.
///
/// Stopping a task destroys it where it is suspended, so it ends at once, without its
/// help, and its destructors run. What it was still to do, it does not do: a task that has
/// to finish something is ended by closing the channel that it reads instead.
class Scope final : private TaskOwner {
 public:
  Scope() = default;
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope() {
    destroy_ended();
    destroy_tasks();  // last, for a destructor may spawn
  }

  /// Starts `task` at the loop's next turn; after stop(), not at all.
  void spawn(Task<void> task) {
    if (stopped_) return;
    const auto coroutine = task.release();
    tasks_.push_back(coroutine.promise());
    coroutine.promise().start_later(*this, coroutine);
  }

  /// Ends every task at the place where it is suspended, as soon as the present resumption
  /// has returned: so a task may stop its own scope.
  void stop() noexcept {
    stopped_ = true;
    EventLoop::current().defer(sweep_);
  }
  [[nodiscard]] bool stopped() const { return stopped_; }

  class JoinAwaiter {
   public:
    explicit JoinAwaiter(Scope& scope) noexcept : scope_(scope) {}
    JoinAwaiter(const JoinAwaiter&) = delete;
    JoinAwaiter& operator=(const JoinAwaiter&) = delete;
    ~JoinAwaiter() { scope_.joiner_ = nullptr; }
    [[nodiscard]] bool await_ready() const noexcept { return scope_.tasks_.empty(); }
    void await_suspend(std::coroutine_handle<> caller) noexcept {
      waiter_.coroutine = caller;
      scope_.joiner_ = &waiter_;
    }
    void await_resume() {
      if (scope_.error_) std::rethrow_exception(std::exchange(scope_.error_, nullptr));
    }

   private:
    Scope& scope_;
    Waiter waiter_;
  };

  /// Waits until every task has ended; throws the first error that one of them threw.
  [[nodiscard]] JoinAwaiter join() noexcept { return JoinAwaiter(*this); }

 private:
  /// Buries the dead, when no coroutine is running.
  class Sweep final : public Deferred {
   public:
    explicit Sweep(Scope& scope) noexcept : scope_(scope) {}
    void run() noexcept override {
      if (scope_.stopped_) scope_.destroy_tasks();
      scope_.destroy_ended();
    }

   private:
    Scope& scope_;
  };

  void task_ended(TaskPromise<void>& task) noexcept override {
    task.unlink();
    ended_ = &task;  // its last resumption has yet to return
    if (task.error() && !error_) {
      error_ = task.error();
      stopped_ = true;
    }
    EventLoop::current().defer(sweep_);
    wake_joiner_if_done();
  }

  void destroy_tasks() noexcept {
    while (!tasks_.empty()) tasks_.pop_front().destroy();
    wake_joiner_if_done();
  }

  void destroy_ended() noexcept {
    if (ended_ != nullptr) std::exchange(ended_, nullptr)->destroy();
  }

  void wake_joiner_if_done() noexcept {
    if (tasks_.empty() && joiner_ != nullptr) EventLoop::current().post(*joiner_);
  }

  List<TaskPromise<void>> tasks_;
  TaskPromise<void>* ended_ = nullptr;
  Waiter* joiner_ = nullptr;
  std::exception_ptr error_;
  bool stopped_ = false;
  Sweep sweep_{*this};
};

}  // namespace fmrx::rt
