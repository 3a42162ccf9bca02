// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "rt/doorbell.hpp"
#include "rt/poller.hpp"
#include "rt/timer_heap.hpp"
#include "rt/waiter.hpp"

namespace fmrx::rt {

/// Something that the loop does between two resumptions, when no coroutine is running
/// and every frame is suspended: the only moment at which frames may be destroyed.
class Deferred : public Link {
 public:
  virtual void run() noexcept = 0;

 protected:
  ~Deferred() = default;
};

/// Runs coroutines on one thread. Loops of one thread nest.
class EventLoop {
 public:
  explicit EventLoop(std::shared_ptr<Poller> poller = make_poller());
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  /// The loop of this thread. There must be one.
  [[nodiscard]] static EventLoop& current() noexcept { return *current_; }

  /// Resumes what is ready, and sleeps when nothing is, until it is the turn of `last`, whose
  /// coroutine is not resumed. rt::run() is what programs call.
  void run_until_woken(Waiter& last);

  /// Puts a waiter at the end of the ready list, also if it is in it already.
  void post(Waiter& waiter) noexcept { move_to_end(ready_, waiter); }

  /// The loop's clock: read once after the system was asked, when somebody wants to know, and
  /// every few resumptions since.
  [[nodiscard]] TimePoint now() {
    if (!now_) now_ = poller_->now();
    return *now_;
  }

  void add(Timer& timer) { timers_.add(timer); }
  void park(ForeignWaiter& waiter) noexcept { parked_.push_back(waiter); }
  void defer(Deferred& action) noexcept {
    if (!action.linked()) deferred_.push_back(action);
  }

  /// At most one waiter for each descriptor and direction. False: always ready.
  [[nodiscard]] bool wait_for(int fd, Direction direction, Waiter& waiter);
  void stop_waiting_for(int fd, Direction direction, const Waiter& waiter) noexcept;

  [[nodiscard]] const std::shared_ptr<Doorbell>& doorbell() const { return doorbell_; }

 private:
  struct FdWaiters {
    Waiter* waiting[2] = {nullptr, nullptr};  ///< by Direction
  };

  void resume_ready(Waiter& last);
  void settle() noexcept {
    while (!deferred_.empty()) [[unlikely]] deferred_.pop_front().run();
  }
  void poll();
  void wake_parked() noexcept;
  void wake_described(std::span<const FdEvent> events) noexcept;
  void wake_due_timers() noexcept;
  static void move_to_end(List<Waiter>& list, Waiter& waiter) noexcept {
    waiter.unlink();
    list.push_back(waiter);
  }

  static constinit inline thread_local EventLoop* current_ = nullptr;

  std::shared_ptr<Poller> poller_;
  std::shared_ptr<Doorbell> doorbell_;
  std::optional<TimePoint> now_;  ///< empty: not read since the system was asked
  List<Waiter> ready_;
  List<Waiter> woken_;  ///< by the system, at one moment; then moved to ready_
  List<Deferred> deferred_;
  List<ForeignWaiter> parked_;
  TimerHeap timers_;
  std::vector<FdWaiters> descriptors_;
  EventLoop* outer_;
};

}  // namespace fmrx::rt
