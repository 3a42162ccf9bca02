// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <coroutine>
#include <cstdint>
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
/// It begins on a value when next() is awaited. It yields lvalues, which stay its own. Cancelling
/// next() loses no value: the one after it gives it.
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

    enum class State : std::uint8_t { idle, running, holds_result };

    void hand_over(T* value) noexcept {
      value_ = value;
      state_ = State::holds_result;
      if (consumer_ != nullptr) EventLoop::current().post(*std::exchange(consumer_, nullptr));
    }

    State state_ = State::idle;
    T* value_ = nullptr;
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

    /// True: at its end, or holding what an earlier next() was cancelled before taking.
    [[nodiscard]] bool await_ready() const noexcept {
      return coroutine_.done() || coroutine_.promise().state_ == State::holds_result;
    }
    bool await_suspend(std::coroutine_handle<> caller) {
      promise_type& generator = coroutine_.promise();
      // Still running where an earlier next() was cancelled: then wait for that value.
      if (generator.state_ == State::idle) {
        generator.state_ = State::running;
        coroutine_.resume();
        if (generator.state_ == State::holds_result) return false;
      }
      waiter_.coroutine = caller;
      generator.consumer_ = &waiter_;
      return true;
    }
    T* await_resume() {
      promise_type& generator = coroutine_.promise();
      generator.state_ = State::idle;
      if (generator.error_) std::rethrow_exception(std::exchange(generator.error_, nullptr));
      return coroutine_.done() ? nullptr : generator.value_;
    }

   private:
    using State = typename promise_type::State;

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
