// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>

namespace fmrx::bench {

/// Does `count` operations and gives the nanoseconds that one took. Null: not measured.
using Measure = double (*)(std::size_t count);

/// One implementation of what the benchmark measures.
struct Contender {
  Measure channel_item;      ///< one coroutine to another, ring of 64
  Measure hop;               ///< a suspension that another coroutine ends: ping-pong
  Measure yield;             ///< to the end of the ready list and back
  Measure task;              ///< create, await to its end, take its value
  Measure spawn;             ///< start a task beside others, run it, bury it
  Measure timer;             ///< set and cancel, while 100 others are pending
  Measure cancel_sleeping;   ///< each of `count` coroutines that wait for a timer
  Measure cancel_receiving;  ///< each of `count` coroutines that wait for a channel
  Measure foreign_item;      ///< from another thread to the loop, one by one
  Measure idle_wake_poll;    ///< from another thread's word to the answer of a loop that sleeps;
  Measure idle_wake_epoll;   ///< the floors are poll() and epoll_wait() on an eventfd
};

extern const Contender least;  ///< the floor: by hand, without safety, errors or cancelling
extern const Contender ours;
extern const Contender asio;

/// The system calls of ours during the last foreign_item.
struct SystemCalls {
  std::size_t looks = 0;        ///< of the loop at the system, without sleeping
  std::size_t sleeps = 0;       ///< of the loop
  std::size_t wake_writes = 0;  ///< of the thread
};
extern SystemCalls system_calls;

constexpr std::size_t kRing = 64;
constexpr std::size_t kForeignRing = 4096;
constexpr std::size_t kPendingTimers = 100;
constexpr auto kIdle = std::chrono::microseconds(300);  ///< long enough for a loop to fall asleep

class Stopwatch {
 public:
  [[nodiscard]] double ns_each(std::size_t count) const {
    const std::chrono::duration<double, std::nano> passed = Clock::now() - start_;
    return passed.count() / static_cast<double>(count);
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// Keeps the optimiser from leaving out what made `value`.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

}  // namespace fmrx::bench
