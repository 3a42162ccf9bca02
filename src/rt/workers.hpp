// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "rt/doorbell.hpp"
#include "rt/event_loop.hpp"
#include "rt/foreign_awaiter.hpp"
#include "rt/task.hpp"

namespace fmrx::rt {

namespace detail {

/// A call that a worker makes. Shared by the awaiting coroutine and the worker, since
/// either may be gone first.
class Job {
 public:
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;
  virtual void run() noexcept = 0;

  [[nodiscard]] bool done() const noexcept { return done_.load(); }
  void tell_done() noexcept {
    done_.store(true);
    doorbell_->ring();
  }

 private:
  std::atomic<bool> done_{false};
  std::shared_ptr<Doorbell> doorbell_ = EventLoop::current().doorbell();
};

template <class Function>
class CallJob final : public Job {
 public:
  using Result = std::invoke_result_t<Function&>;

  explicit CallJob(Function function) : function_(std::move(function)) {}

  void run() noexcept override {
    try {
      if constexpr (std::is_void_v<Result>) {
        (*function_)();
      } else {
        result_.emplace((*function_)());
      }
    } catch (...) {
      error_ = std::current_exception();
    }
    function_.reset();  // what it owns goes before its end is told
  }

  Result take() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    if constexpr (!std::is_void_v<Result>) return std::move(*result_);
  }

 private:
  struct Nothing {};
  std::optional<Function> function_;
  std::optional<std::conditional_t<std::is_void_v<Result>, Nothing, Result>> result_;
  std::exception_ptr error_;
};

class JobAwaiter final : public ForeignAwaiter {
 public:
  explicit JobAwaiter(const Job& job) noexcept : job_(job) {}
  [[nodiscard]] bool ready() const noexcept override { return job_.done(); }
  void await_resume() const noexcept {}

 private:
  const Job& job_;
};

}  // namespace detail

/// A few threads for calls that block: opening devices, reading disks. They are started
/// when needed. A call that hangs holds up nothing but its own worker: whoever awaits it
/// can be cancelled, and the worker is left behind in the end (see ForeignThread).
class Workers {
 public:
  explicit Workers(std::size_t most_threads = 4);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  /// Calls `function` on a worker and gives what it returns or throws. The function must own
  /// all it touches: the awaiting coroutine may be cancelled before it has run.
  template <class Function>
  Task<std::invoke_result_t<Function&>> call(Function function) {
    const auto job = std::make_shared<detail::CallJob<Function>>(std::move(function));
    enqueue(job);
    detail::JobAwaiter done(*job);
    co_await done;
    co_return job->take();
  }

 private:
  struct Shared;

  void enqueue(std::shared_ptr<detail::Job> job);
  void start_worker();

  std::shared_ptr<Shared> shared_;
  std::size_t most_threads_;
  struct Threads;
  std::unique_ptr<Threads> threads_;
};

}  // namespace fmrx::rt
