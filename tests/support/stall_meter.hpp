// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <poll.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace fmrx::test {

/// An idle thread beside a test that must run in real time. It asks to be woken every
/// millisecond and remembers by how much it was late: a machine that stalls as a whole
/// (virtual ones do) delays it as well, a fault of the program under test does not.
class StallMeter {
 public:
  using Duration = std::chrono::milliseconds;
  struct Stall {
    std::chrono::steady_clock::time_point end;
    std::chrono::steady_clock::duration length;
  };
  enum class Urgency {
    usual,    ///< waits for a processor like any program
    highest,  ///< where the system allows it, only the machine as a whole can delay it
  };

  explicit StallMeter(Urgency urgency = Urgency::usual)
      : thread_([this, urgency] {
          if (urgency == Urgency::highest) hurry();
          run();
        }) {}
  StallMeter(const StallMeter&) = delete;
  StallMeter& operator=(const StallMeter&) = delete;
  ~StallMeter() {
    ending_.store(true);
    thread_.join();
  }

  /// Begins a new measurement.
  void reset() {
    const std::lock_guard lock(mutex_);
    stalls_.clear();
  }

  /// All delays of more than a few milliseconds since then.
  [[nodiscard]] std::vector<Stall> stalls() const {
    const std::lock_guard lock(mutex_);
    return stalls_;
  }

  /// Those, added up.
  [[nodiscard]] Duration stalled() const {
    std::chrono::steady_clock::duration sum{};
    for (const Stall& stall : stalls()) sum += stall.length;
    return std::chrono::ceil<Duration>(sum);
  }

 private:
  static void hurry() {
    sched_param urgent{};
    urgent.sched_priority = ::sched_get_priority_max(SCHED_FIFO) - 1;
    ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &urgent);
  }

  void run() {
    constexpr auto kUsualDelay = std::chrono::milliseconds(5);
    auto last = std::chrono::steady_clock::now();
    while (!ending_.load()) {
      ::poll(nullptr, 0, 1);
      const auto now = std::chrono::steady_clock::now();
      const auto late = now - last - std::chrono::milliseconds(1);
      last = now;
      if (late <= kUsualDelay) continue;
      const std::lock_guard lock(mutex_);
      stalls_.push_back({now, late});
    }
  }

  std::atomic<bool> ending_{false};
  mutable std::mutex mutex_;
  std::vector<Stall> stalls_;
  std::thread thread_;
};

}  // namespace fmrx::test
