// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "rt/poller.hpp"
#include "rt/waiter.hpp"

namespace fmrx::rt {

/// What a foreign thread rings after it has published something for the loop. Rings
/// through to the system only while the loop sleeps, and then once. It outlives the loop,
/// so that a thread that hangs in a library may still ring it later.
class Doorbell {
 public:
  explicit Doorbell(std::shared_ptr<Poller> poller) : poller_(std::move(poller)) {}

  /// From any thread; never blocks.
  void ring() noexcept {
    // Sequentially consistent on both sides: either we see the loop asleep, or the loop,
    // which looks at its parked waiters after it said so, sees what we published.
    if (loop_sleeps_.load() && loop_sleeps_.exchange(false)) poller_->wake();
  }

  void loop_goes_to_sleep() noexcept { loop_sleeps_.store(true); }
  void loop_is_awake() noexcept { loop_sleeps_.store(false, std::memory_order_relaxed); }

 private:
  std::shared_ptr<Poller> poller_;
  std::atomic<bool> loop_sleeps_{false};
};

/// A waiter for something that a foreign thread publishes.
class ForeignWaiter : public Link {
 public:
  ForeignWaiter() = default;
  virtual ~ForeignWaiter() = default;

  /// Reads what was published, sequentially consistent.
  [[nodiscard]] virtual bool ready() const noexcept = 0;
  [[nodiscard]] Waiter& waiter() { return waiter_; }

 private:
  Waiter waiter_;
};

}  // namespace fmrx::rt
