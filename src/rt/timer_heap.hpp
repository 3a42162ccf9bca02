// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rt/poller.hpp"
#include "rt/waiter.hpp"

namespace fmrx::rt {

/// A moment at which a waiter is to be woken. It leaves its heap when it is destroyed.
class Timer {
 public:
  Timer(TimePoint due, Waiter& waiter) : due_(due), waiter_(waiter) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  inline ~Timer();

  [[nodiscard]] bool pending() const { return heap_ != nullptr; }
  [[nodiscard]] Waiter& waiter() const { return waiter_; }

 private:
  friend class TimerHeap;

  TimePoint due_;
  Waiter& waiter_;
  class TimerHeap* heap_ = nullptr;
  std::size_t index_ = 0;
  std::uint64_t order_ = 0;
};

/// A heap of timers, four children to a node: the earliest is at hand, cancelling costs
/// a logarithm, and equal times fire in the order in which they were set.
class TimerHeap {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] TimePoint earliest() const { return heap_.front().due; }

  void add(Timer& timer) {
    timer.order_ = ++last_order_;
    heap_.push_back({timer.due_, timer.order_, &timer});
    timer.heap_ = this;  // not before it is in: there may have been no memory
    sift_up(heap_.size() - 1);
  }

  void remove(Timer& timer) noexcept {
    const std::size_t index = timer.index_;
    timer.heap_ = nullptr;
    const Node last = heap_.back();
    heap_.pop_back();
    if (index == heap_.size()) return;
    place(index, last);
    sift_up(index);
    sift_down(last.timer->index_);
  }

  Timer& pop() noexcept {
    Timer& first = *heap_.front().timer;
    remove(first);
    return first;
  }

 private:
  /// The key stands beside the pointer, so that comparing stays inside the heap's memory.
  struct Node {
    TimePoint due;
    std::uint64_t order;
    Timer* timer;

    [[nodiscard]] bool before(const Node& other) const {
      return due != other.due ? due < other.due : order < other.order;
    }
  };

  static constexpr std::size_t kChildren = 4;

  void place(std::size_t index, const Node& node) noexcept {
    heap_[index] = node;
    node.timer->index_ = index;
  }

  void sift_up(std::size_t index) noexcept {
    const Node node = heap_[index];
    while (index > 0) {
      const std::size_t parent = (index - 1) / kChildren;
      if (!node.before(heap_[parent])) break;
      place(index, heap_[parent]);
      index = parent;
    }
    place(index, node);
  }

  void sift_down(std::size_t index) noexcept {
    const Node node = heap_[index];
    for (;;) {
      const std::size_t first = index * kChildren + 1;
      if (first >= heap_.size()) break;
      const std::size_t end = first + kChildren < heap_.size() ? first + kChildren : heap_.size();
      std::size_t least = first;
      for (std::size_t child = first + 1; child < end; ++child) {
        if (heap_[child].before(heap_[least])) least = child;
      }
      if (!heap_[least].before(node)) break;
      place(index, heap_[least]);
      index = least;
    }
    place(index, node);
  }

  std::vector<Node> heap_;
  std::uint64_t last_order_ = 0;
};

inline Timer::~Timer() {
  if (heap_ != nullptr) heap_->remove(*this);
}

}  // namespace fmrx::rt
