// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/event_loop.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "rt/frame_pool.hpp"

namespace fmrx::rt {

namespace {

/// While coroutines are ready, the system is asked again once so much time has gone by, or for
/// a clock that stands still, after so many resumptions.
constexpr Duration kBusyTime = std::chrono::microseconds(500);
constexpr int kMostResumptions = 16384;

/// Reading the clock costs some 20 ns; a resumption may cost 5 ns or a millisecond. So it is
/// read after 4 resumptions, and again when their number has doubled, or grown by 64.
constexpr int kLeastBatch = 4;
constexpr int kMostBatch = 64;

}  // namespace

EventLoop::EventLoop(std::shared_ptr<Poller> poller)
    : poller_(std::move(poller)),
      doorbell_(std::make_shared<Doorbell>(poller_)),
      outer_(std::exchange(current_, this)) {}

EventLoop::~EventLoop() {
  settle();
  current_ = outer_;
  if (outer_ == nullptr) FramePool::trim();
}

void EventLoop::run_until_woken(Waiter& last) {
  settle();
  for (;;) {
    resume_ready(last);
    if (!ready_.empty() && &ready_.front() == &last) {
      last.unlink();
      return;
    }
    poll();
  }
}

void EventLoop::resume_ready(Waiter& last) {
  std::optional<TimePoint> began = now_;  // else, at the first reading
  for (int resumed = 0; resumed < kMostResumptions;) {
    const int batch_end = resumed + std::clamp(resumed, kLeastBatch, kMostBatch);
    for (; resumed < batch_end; ++resumed) {
      if (ready_.empty()) return;
      if (&ready_.front() == &last) return;
      ready_.pop_front().coroutine.resume();
      settle();
    }
    now_ = poller_->now();
    if (!began) began = now_;
    if (*now_ - *began >= kBusyTime) return;
  }
}

void EventLoop::poll() {
  wake_parked();
  std::optional<TimePoint> deadline = TimePoint::min();
  if (ready_.empty() && woken_.empty()) {
    doorbell_->loop_goes_to_sleep();
    wake_parked();  // looked at again after saying so: see Doorbell::ring()
    if (!woken_.empty()) {
      doorbell_->loop_is_awake();
    } else if (timers_.empty()) {
      deadline = std::nullopt;
    } else {
      deadline = timers_.earliest();
    }
  }
  const std::span<const FdEvent> events = poller_->wait(deadline);
  doorbell_->loop_is_awake();
  now_ = std::nullopt;
  wake_parked();
  wake_described(events);
  wake_due_timers();
  poller_->arrange(woken_);
  ready_.splice(woken_);
}

void EventLoop::wake_parked() noexcept {
  parked_.for_each([this](ForeignWaiter& parked) {
    if (!parked.ready()) return;
    parked.unlink();
    move_to_end(woken_, parked.waiter());
  });
}

void EventLoop::wake_described(std::span<const FdEvent> events) noexcept {
  for (const FdEvent& event : events) {
    Waiter*& waiting =
        descriptors_[static_cast<std::size_t>(event.fd)].waiting[static_cast<int>(event.direction)];
    if (waiting != nullptr) move_to_end(woken_, *std::exchange(waiting, nullptr));
  }
}

void EventLoop::wake_due_timers() noexcept {
  while (!timers_.empty() && timers_.earliest() <= now()) move_to_end(woken_, timers_.pop().waiter());
}

bool EventLoop::wait_for(int fd, Direction direction, Waiter& waiter) {
  if (!poller_->arm(fd, direction)) return false;
  const auto index = static_cast<std::size_t>(fd);
  if (index >= descriptors_.size()) descriptors_.resize(index + 1);
  Waiter*& waiting = descriptors_[index].waiting[static_cast<int>(direction)];
  assert(waiting == nullptr && "two coroutines wait for one descriptor in one direction");
  waiting = &waiter;
  return true;
}

void EventLoop::stop_waiting_for(int fd, Direction direction, const Waiter& waiter) noexcept {
  Waiter*& waiting = descriptors_[static_cast<std::size_t>(fd)].waiting[static_cast<int>(direction)];
  // Woken but not resumed yet, it has left the place to whoever came after it.
  if (waiting != &waiter) return;
  waiting = nullptr;
  poller_->disarm(fd, direction);
}

}  // namespace fmrx::rt
