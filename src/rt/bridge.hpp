// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "rt/doorbell.hpp"
#include "rt/event_loop.hpp"
#include "rt/foreign_awaiter.hpp"
#include "rt/spsc_ring.hpp"

namespace fmrx::rt {

/// The door between a foreign thread and the loop: a lock-free ring whose two ends can
/// wait for each other. It carries items one way: from the thread to the loop (Inbound)
/// or from the loop to the thread (Outbound). Create it on the loop's thread; share it
/// (std::shared_ptr) with a thread that may outlive its creator.
template <class T>
class Bridge {
 public:
  explicit Bridge(std::size_t capacity) : ring_(capacity), doorbell_(EventLoop::current().doorbell()) {}
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return ring_.size(); }
  [[nodiscard]] std::size_t space() const noexcept { return ring_.space(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return ring_.capacity(); }
  [[nodiscard]] bool closed() const noexcept { return closed_.load(); }

 protected:
  ~Bridge() = default;

  SpscRing<T> ring_;
  std::shared_ptr<Doorbell> doorbell_;
  std::atomic<bool> closed_{false};
};

/// From a foreign thread to the loop.
template <class T>
class Inbound : public Bridge<T> {
 public:
  using Bridge<T>::Bridge;

  // The foreign thread's end. None of it blocks.

  /// Writes as many as fit and says how many; what does not fit is for the caller to count.
  std::size_t write(std::span<const T> items) noexcept {
    const std::size_t count = this->ring_.write(items);
    this->doorbell_->ring();
    return count;
  }
  bool push(const T& item) noexcept { return write({&item, 1}) == 1; }

  /// The last word of whichever end says it; the loop drains what is there.
  void close() noexcept {
    this->closed_.store(true);
    this->doorbell_->ring();
  }

  // The loop's end.

  class DataAwaiter final : public ForeignAwaiter {
   public:
    DataAwaiter(Inbound& bridge, std::size_t count) noexcept : bridge_(bridge), count_(count) {
      assert(count <= bridge.capacity() && "waiting for more than fits");
    }
    [[nodiscard]] bool ready() const noexcept override {
      return bridge_.size() >= count_ || bridge_.closed();
    }
    bool await_resume() const noexcept { return bridge_.size() > 0; }

   private:
    Inbound& bridge_;
    std::size_t count_;
  };

  /// Waits for `count` items, or fewer once it is closed. False: closed and empty.
  [[nodiscard]] DataAwaiter data(std::size_t count = 1) noexcept { return DataAwaiter(*this, count); }

  std::size_t read(std::span<T> items) noexcept { return this->ring_.read(items); }
};

/// From the loop to a foreign thread that may block, such as one that writes a file.
template <class T>
class Outbound : public Bridge<T> {
 public:
  using Bridge<T>::Bridge;

  // The loop's end.

  class SpaceAwaiter final : public ForeignAwaiter {
   public:
    SpaceAwaiter(Outbound& bridge, std::size_t count) noexcept : bridge_(bridge), count_(count) {
      assert(count <= bridge.capacity() && "waiting for more than fits");
    }
    [[nodiscard]] bool ready() const noexcept override {
      return bridge_.space() >= count_ || bridge_.closed();
    }
    bool await_resume() const noexcept { return !bridge_.closed(); }

   private:
    Outbound& bridge_;
    std::size_t count_;
  };

  /// Waits for room for `count` items. False: closed, nobody reads any more.
  [[nodiscard]] SpaceAwaiter room(std::size_t count = 1) noexcept { return SpaceAwaiter(*this, count); }

  std::size_t write(std::span<const T> items) noexcept {
    const std::size_t count = this->ring_.write(items);
    tell_thread();
    return count;
  }

  /// The last word of whichever end says it: the thread drains what is there, the loop is
  /// told that nobody reads.
  void close() noexcept {
    this->closed_.store(true);
    tell_thread();
    this->doorbell_->ring();
  }

  // The foreign thread's end.

  /// Blocks this thread until there is something. False: closed and empty.
  [[nodiscard]] bool wait() noexcept {
    for (;;) {
      const std::uint32_t seen = events_.load();
      // In this order: what was written before closing is seen once the closing is.
      const bool is_closed = this->closed();
      if (this->size() > 0) return true;
      if (is_closed) return false;
      events_.wait(seen);
    }
  }

  std::size_t read(std::span<T> items) noexcept {
    const std::size_t count = this->ring_.read(items);
    this->doorbell_->ring();
    return count;
  }

  /// As SpscRing's: items to be read where they are, and taken away when that is done.
  [[nodiscard]] std::span<const T> front(std::size_t most) noexcept { return this->ring_.front(most); }
  void drop(std::size_t count) noexcept {
    this->ring_.drop(count);
    this->doorbell_->ring();
  }

 private:
  void tell_thread() noexcept {
    events_.fetch_add(1);
    events_.notify_one();
  }

  std::atomic<std::uint32_t> events_{0};
};

}  // namespace fmrx::rt
