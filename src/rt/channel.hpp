// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cassert>
#include <coroutine>
#include <cstddef>
#include <optional>
#include <utility>

#include "rt/event_loop.hpp"
#include "rt/ring.hpp"
#include "rt/waiter.hpp"

namespace fmrx::rt {

/// A bounded queue between two coroutines of one loop: one that writes, one that reads.
/// Full suspends the writer, empty the reader. Items stay in the ring until the reader has
/// been resumed to take them, so stopping a reader loses nothing.
template <class T>
class Channel {
 public:
  explicit Channel(std::size_t capacity) : ring_(capacity) { assert(capacity > 0); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  class PushAwaiter {
   public:
    PushAwaiter(Channel& channel, T&& item) : channel_(channel), item_(std::move(item)) {}
    PushAwaiter(const PushAwaiter&) = delete;
    PushAwaiter& operator=(const PushAwaiter&) = delete;
    [[nodiscard]] bool await_ready() const noexcept { return !channel_.full() || channel_.abandoned_; }
    void await_suspend(std::coroutine_handle<> caller) noexcept {
      assert(channel_.writer_.empty() && "a channel has one writer at a time");
      waiter_.coroutine = caller;
      channel_.writer_.put(waiter_);
    }
    bool await_resume() {
      if (channel_.abandoned_) return false;
      channel_.put(std::move(item_));
      return true;
    }

   private:
    Channel& channel_;
    T item_;
    Waiter waiter_;
  };

  class PopAwaiter {
   public:
    explicit PopAwaiter(Channel& channel) noexcept : channel_(channel) {}
    PopAwaiter(const PopAwaiter&) = delete;
    PopAwaiter& operator=(const PopAwaiter&) = delete;
    [[nodiscard]] bool await_ready() const noexcept { return !channel_.empty() || channel_.closed_; }
    void await_suspend(std::coroutine_handle<> caller) noexcept {
      assert(channel_.reader_.empty() && "a channel has one reader at a time");
      waiter_.coroutine = caller;
      channel_.reader_.put(waiter_);
    }
    std::optional<T> await_resume() { return channel_.try_pop(); }

   private:
    Channel& channel_;
    Waiter waiter_;
  };

  /// co_await gives false when nobody will read any more; the item is then gone.
  [[nodiscard]] PushAwaiter push(T item) { return PushAwaiter(*this, std::move(item)); }

  /// False when it is full or nobody will read: the item stays with the caller.
  [[nodiscard]] bool try_push(T& item) {
    if (full() || abandoned_) return false;
    put(std::move(item));
    return true;
  }

  /// co_await gives the next item; nothing after the last one of a closed channel.
  [[nodiscard]] PopAwaiter pop() noexcept { return PopAwaiter(*this); }

  [[nodiscard]] std::optional<T> try_pop() {
    if (empty()) return std::nullopt;
    std::optional<T> item(std::move(ring_.front()));
    ring_.drop();
    wake(writer_);
    return item;
  }

  /// The writer's last word: the reader drains what is there and then reads the end.
  void close() noexcept {
    closed_ = true;
    wake(reader_);
  }

  /// The reader's last word: what is there is dropped, and pushing fails from now on.
  void abandon() {
    abandoned_ = true;
    ring_.clear();
    wake(writer_);
  }

  [[nodiscard]] bool empty() const { return ring_.empty(); }
  [[nodiscard]] bool full() const { return ring_.full(); }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] bool abandoned() const { return abandoned_; }
  [[nodiscard]] std::size_t size() const { return ring_.size(); }
  [[nodiscard]] std::size_t capacity() const { return ring_.capacity(); }

 private:
  void put(T&& item) {
    assert(!closed_ && "pushing into a channel that its writer has closed");
    ring_.put(std::move(item));
    wake(reader_);
  }

  static void wake(WaiterSlot& slot) noexcept {
    if (!slot.empty()) EventLoop::current().post(slot.get());
  }

  Ring<T> ring_;
  WaiterSlot writer_;
  WaiterSlot reader_;
  bool closed_ = false;
  bool abandoned_ = false;
};

}  // namespace fmrx::rt
