// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/foreign_thread.hpp"

#include <pthread.h>
#include <signal.h>

#include <system_error>
#include <utility>

namespace fmrx::rt {

namespace {

std::atomic<int> threads_left_behind{0};
std::atomic<int> threads_unfinished{0};

/// Signals are for the loop's thread: a new thread inherits the mask that blocks them all.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;  // macOS has macros for these calls: no "::"
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &former_);
  }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;
  ~AllSignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &former_, nullptr); }

 private:
  sigset_t former_;
};

template <class Body>
std::thread start(Body body) {
  try {
    return std::thread(std::move(body));
  } catch (const std::system_error& error) {
    throw std::system_error(error.code(), "cannot start a thread");
  }
}

}  // namespace

ForeignThread::ForeignThread(std::function<void()> body, AtExit at_exit)
    : state_(std::make_shared<State>(at_exit)) {
  const AllSignalsBlocked guard;
  thread_ =
      start([state = state_, doorbell = EventLoop::current().doorbell(), body = std::move(body)]() mutable {
        body();
        body = nullptr;  // what it owns goes before its end is told
        state->ended.store(true);
        if (state->left_behind.exchange(true)) count_left_behind(*state, -1);
        doorbell->ring();
      });
}

ForeignThread::~ForeignThread() {
  if (!thread_.joinable()) return;
  if (ended()) {
    thread_.join();
    return;
  }
  count_left_behind(*state_, +1);
  if (state_->left_behind.exchange(true)) count_left_behind(*state_, -1);
  thread_.detach();
}

void ForeignThread::count_left_behind(const State& state, int change) noexcept {
  threads_left_behind += change;
  if (state.at_exit == AtExit::wait_for) threads_unfinished += change;
}

int ForeignThread::left_behind() noexcept {
  return threads_left_behind.load();
}

int ForeignThread::unfinished() noexcept {
  return threads_unfinished.load();
}

}  // namespace fmrx::rt
