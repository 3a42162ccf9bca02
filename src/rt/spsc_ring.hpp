// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <concepts>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

namespace fmrx::rt {

/// A lock-free ring between one thread that writes and one that reads. Never blocks, never
/// allocates, makes no system call: fit for a real-time callback at either end. With a
/// std::array for `Items` it holds no pointers, and can lie between two processes.
template <class T, class Items = std::vector<T>>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  /// Room for at least `capacity` items.
  explicit SpscRing(std::size_t capacity) requires std::constructible_from<Items, std::size_t>
      : items_(std::bit_ceil(capacity)), mask_(items_.size() - 1) {}
  /// Room for all of `Items`, a power of two.
  SpscRing() requires(std::tuple_size<Items>::value > 0) : mask_(items_.size() - 1) {
    static_assert(std::has_single_bit(std::tuple_size<Items>::value));
  }

  /// Writes as many as fit and says how many.
  std::size_t write(std::span<const T> items) noexcept {
    const std::size_t written = written_.load(std::memory_order_relaxed);
    if (items_.size() - (written - read_seen_) < items.size())
      read_seen_ = read_.load(std::memory_order_acquire);
    const std::size_t count = std::min(items.size(), items_.size() - (written - read_seen_));
    const std::size_t at = written & mask_;
    const std::size_t before_wrap = std::min(count, items_.size() - at);
    std::copy_n(items.begin(), before_wrap, items_.begin() + static_cast<std::ptrdiff_t>(at));
    std::copy_n(items.begin() + static_cast<std::ptrdiff_t>(before_wrap), count - before_wrap,
                items_.begin());
    // Sequentially consistent, so that a waiter that looks again after it has said that it
    // waits cannot miss it (see Doorbell).
    written_.store(written + count);
    return count;
  }

  /// Reads as many as there are, at most items.size(), and says how many.
  std::size_t read(std::span<T> items) noexcept {
    const std::size_t read = read_.load(std::memory_order_relaxed);
    if (written_seen_ - read < items.size()) written_seen_ = written_.load(std::memory_order_acquire);
    const std::size_t count = std::min(items.size(), written_seen_ - read);
    const std::size_t at = read & mask_;
    const std::size_t before_wrap = std::min(count, items_.size() - at);
    std::copy_n(items_.begin() + static_cast<std::ptrdiff_t>(at), before_wrap, items.begin());
    std::copy_n(items_.begin(), count - before_wrap,
                items.begin() + static_cast<std::ptrdiff_t>(before_wrap));
    read_.store(read + count);
    return count;
  }

  /// The oldest items that lie in one piece, at most `most`: to be read where they are, until drop().
  [[nodiscard]] std::span<const T> front(std::size_t most) noexcept {
    const std::size_t read = read_.load(std::memory_order_relaxed);
    if (written_seen_ - read < most) written_seen_ = written_.load(std::memory_order_acquire);
    const std::size_t at = read & mask_;
    return {items_.data() + at, std::min({most, written_seen_ - read, items_.size() - at})};
  }
  /// The reader is done with so many of the oldest items.
  void drop(std::size_t count) noexcept { read_.store(read_.load(std::memory_order_relaxed) + count); }

  /// Never too much for the reader, never too little for the writer.
  [[nodiscard]] std::size_t size() const noexcept {
    const std::size_t read = read_.load();  // first, lest the reader overtake what we know is written
    return std::min(written_.load() - read, items_.size());
  }
  [[nodiscard]] std::size_t space() const noexcept { return items_.size() - size(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return items_.size(); }

 private:
  static constexpr std::size_t kCacheLine_bytes = 64;

  Items items_{};
  std::size_t mask_;
  // Each side's counters on a line of their own, each with its last look at the other's.
  alignas(kCacheLine_bytes) std::atomic<std::size_t> written_{0};
  std::size_t read_seen_ = 0;
  alignas(kCacheLine_bytes) std::atomic<std::size_t> read_{0};
  std::size_t written_seen_ = 0;
};

}  // namespace fmrx::rt
