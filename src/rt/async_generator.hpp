// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

#include "rt/event_loop.hpp"
#include "rt/frame_pool.hpp"
#include "rt/waiter.hpp"

namespace fmrx::rt {

/// A coroutine that awaits between the values it yields: Python's `async for` is
///
///     while (true) {
///       T* const item = co_await generator.next();
///       if (item == nullptr) break;
///
/// It runs only while somebody awaits next(). It yields lvalues, which stay its own.
template <class T>
class [[nodiscard]] AsyncGenerator {
 public:
  class promise_type : public RecycledFrame {
   public:
    AsyncGenerator get_return_object() noexcept {
      return AsyncGenerator(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] std::suspend_always final_suspend() noexcept {
      hand_over(nullptr);
      return {};
    }
    [[nodiscard]] std::suspend_always yield_value(T& value) noexcept {
      hand_over(&value);
      return {};
    }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { error_ = std::current_exception(); }

   private:
    friend class AsyncGenerator;

    void hand_over(T* value) noexcept {
      value_ = value;
      running_ = false;
      if (consumer_ != nullptr) EventLoop::current().post(*std::exchange(consumer_, nullptr));
    }

    T* value_ = nullptr;
    bool running_ = false;
    Waiter* consumer_ = nullptr;
    std::exception_ptr error_;
  };

  AsyncGenerator(AsyncGenerator&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  AsyncGenerator& operator=(AsyncGenerator&&) = delete;
  ~AsyncGenerator() {
    if (coroutine_) coroutine_.destroy();
  }

  class NextAwaiter {
   public:
    explicit NextAwaiter(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
    NextAwaiter(const NextAwaiter&) = delete;
    NextAwaiter& operator=(const NextAwaiter&) = delete;
    ~NextAwaiter() {
      if (coroutine_.promise().consumer_ == &waiter_) coroutine_.promise().consumer_ = nullptr;
    }

    [[nodiscard]] bool await_ready() const noexcept { return coroutine_.done(); }
    bool await_suspend(std::coroutine_handle<> caller) {
      promise_type& generator = coroutine_.promise();
      // Still running where an earlier next() was cancelled: then wait for that value.
      if (!generator.running_) {
        generator.running_ = true;
        coroutine_.resume();
        if (!generator.running_) return false;
      }
      waiter_.coroutine = caller;
      generator.consumer_ = &waiter_;
      return true;
    }
    T* await_resume() {
      promise_type& generator = coroutine_.promise();
      if (generator.error_) std::rethrow_exception(std::exchange(generator.error_, nullptr));
      return coroutine_.done() ? nullptr : generator.value_;
    }

   private:
    std::coroutine_handle<promise_type> coroutine_;
    Waiter waiter_;
  };

  /// co_await gives a pointer to the next value, valid until the next call; null at the end.
  [[nodiscard]] NextAwaiter next() noexcept { return NextAwaiter(coroutine_); }

 private:
  explicit AsyncGenerator(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

}  // namespace fmrx::rt
