// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <memory>
#include <utility>

namespace fmrx::rt {

/// A bounded first-in first-out queue for one thread. T needs a move constructor only.
template <class T>
class Ring {
 public:
  explicit Ring(std::size_t capacity)
      : capacity_(capacity), mask_(std::bit_ceil(capacity) - 1), slots_(new Slot[mask_ + 1]) {}
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() { clear(); }

  [[nodiscard]] bool empty() const { return put_ == taken_; }
  [[nodiscard]] bool full() const { return size() == capacity_; }
  [[nodiscard]] std::size_t size() const { return put_ - taken_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

  void put(T&& item) {
    assert(!full());
    std::construct_at(&slots_[put_ & mask_].item, std::move(item));
    ++put_;
  }

  /// The oldest item. To take it: move from it, then drop() it.
  [[nodiscard]] T& front() { return slots_[taken_ & mask_].item; }
  void drop() {
    assert(!empty());
    std::destroy_at(&front());
    ++taken_;
  }

  void clear() {
    while (!empty()) drop();
  }

 private:
  union Slot {
    Slot() {}   // NOLINT: put() begins the item's life,
    ~Slot() {}  // NOLINT: and drop() ends it
    T item;
  };

  std::size_t capacity_;
  std::size_t mask_;
  std::unique_ptr<Slot[]> slots_;
  std::size_t put_ = 0;    ///< since the beginning
  std::size_t taken_ = 0;  ///< since the beginning
};

}  // namespace fmrx::rt
