// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace fmrx::test {

/// An idle thread beside a test that must run in real time. It asks to be woken every
/// millisecond and remembers by how much it was late: a machine that stalls as a whole
/// (virtual ones do) delays it as well, a fault of the program under test does not.
class StallMeter {
 public:
  using Duration = std::chrono::milliseconds;

  StallMeter() : thread_([this] { run(); }) {}
  StallMeter(const StallMeter&) = delete;
  StallMeter& operator=(const StallMeter&) = delete;
  ~StallMeter() {
    ending_.store(true);
    thread_.join();
  }

  /// Begins a new measurement.
  void reset() { stalled_us_.store(0); }

  /// All delays of more than a few milliseconds since then, added up.
  [[nodiscard]] Duration stalled() const {
    return std::chrono::ceil<Duration>(std::chrono::microseconds(stalled_us_.load()));
  }

 private:
  void run() {
    constexpr auto kUsualDelay = std::chrono::milliseconds(5);
    auto last = std::chrono::steady_clock::now();
    while (!ending_.load()) {
      ::poll(nullptr, 0, 1);
      const auto now = std::chrono::steady_clock::now();
      const auto late = now - last - std::chrono::milliseconds(1);
      last = now;
      if (late > kUsualDelay)
        stalled_us_ += std::chrono::duration_cast<std::chrono::microseconds>(late).count();
    }
  }

  std::atomic<bool> ending_{false};
  std::atomic<long> stalled_us_{0};
  std::thread thread_;
};

}  // namespace fmrx::test
