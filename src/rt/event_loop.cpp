// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/event_loop.hpp"

#include <cassert>
#include <utility>

#include "rt/frame_pool.hpp"

namespace fmrx::rt {

namespace {

/// Reading the clock costs some 20 ns and a poll some 300 ns; a resumption may cost 5 ns or
/// a millisecond. So the clock is read every few resumptions, and the system is asked again
/// once this much time has gone by.
constexpr int kResumptionsPerClockReading = 16;
constexpr Duration kBusyTime = std::chrono::microseconds(500);

}  // namespace

EventLoop::EventLoop(std::shared_ptr<Poller> poller)
    : poller_(std::move(poller)),
      doorbell_(std::make_shared<Doorbell>(poller_)),
      now_(poller_->now()),
      polled_(now_),
      outer_(std::exchange(current_, this)) {}

EventLoop::~EventLoop() {
  settle();
  current_ = outer_;
  if (outer_ == nullptr) FramePool::trim();
}

void EventLoop::run_until_woken(Waiter& last) {
  for (;;) {
    resume_ready(last);
    if (last.linked() && &ready_.front() == &last) {
      last.unlink();
      return;
    }
    poll();
  }
}

void EventLoop::resume_ready(Waiter& last) {
  int until_clock_reading = kResumptionsPerClockReading;
  while (!ready_.empty()) {
    Waiter& next = ready_.front();
    if (&next == &last) return;
    next.unlink();
    next.coroutine.resume();
    settle();
    if (--until_clock_reading == 0) {
      until_clock_reading = kResumptionsPerClockReading;
      if (poller_->now() - polled_ >= kBusyTime) return;
    }
  }
}

/// The moment between two resumptions: finished frames go, and asked-for stops are made.
void EventLoop::settle() noexcept {
  while (!finished_.empty() || !deferred_.empty()) {
    while (!finished_.empty()) finished_.pop_front().destroy();
    if (!deferred_.empty()) deferred_.pop_front().run();
  }
}

void EventLoop::poll() {
  const bool busy = !ready_.empty() || wake_parked();
  std::span<const FdEvent> events;
  if (busy) {
    events = poller_->wait(TimePoint::min());
  } else {
    doorbell_->loop_goes_to_sleep();
    // Looked at again after saying so: see Doorbell::ring().
    const bool missed = wake_parked();
    if (missed) {
      events = poller_->wait(TimePoint::min());
    } else if (timers_.empty()) {
      events = poller_->wait(std::nullopt);
    } else {
      events = poller_->wait(timers_.earliest());
    }
    doorbell_->loop_is_awake();
    wake_parked();
  }
  now_ = polled_ = poller_->now();
  for (const FdEvent& event : events) {
    Waiter*& waiting =
        descriptors_[static_cast<std::size_t>(event.fd)].waiting[static_cast<int>(event.direction)];
    if (waiting != nullptr) post(*std::exchange(waiting, nullptr));
  }
  wake_due_timers();
}

bool EventLoop::wake_parked() noexcept {
  bool any = false;
  parked_.for_each([&](ForeignWaiter& parked) {
    if (!parked.ready()) return;
    parked.unlink();
    post(parked.waiter());
    any = true;
  });
  return any;
}

void EventLoop::wake_due_timers() {
  while (!timers_.empty() && timers_.earliest() <= now_) post(timers_.pop().waiter());
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

void EventLoop::stop_waiting_for(int fd, Direction direction) noexcept {
  Waiter*& waiting = descriptors_[static_cast<std::size_t>(fd)].waiting[static_cast<int>(direction)];
  waiting = nullptr;
  poller_->disarm(fd, direction);
}

}  // namespace fmrx::rt
