// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/urgency.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include <atomic>

namespace fmrx {

// A nice value would not do: Linux weighs it only among the programs of one terminal or service.

namespace {

/// A thread of this process ran as usual until it hurried; others have inherited that.
std::atomic<bool> was_usual{false};

}  // namespace

void hurry_this_thread(Urgency urgency) noexcept {
  int policy = SCHED_OTHER;
  sched_param now{};
  if (::pthread_getschedparam(::pthread_self(), &policy, &now) != 0) return;
  sched_param urgent{};
  urgent.sched_priority = ::sched_get_priority_min(SCHED_RR) + static_cast<int>(urgency);
  const bool is_usual = policy == SCHED_OTHER && ::getpriority(PRIO_PROCESS, 0) <= 0;
  const bool is_less_urgent =
      (policy == SCHED_RR || policy == SCHED_FIFO) && now.sched_priority < urgent.sched_priority;
  if (!is_usual && !is_less_urgent) return;
  if (::pthread_setschedparam(::pthread_self(), SCHED_RR, &urgent) == 0 && is_usual) was_usual.store(true);
}

void hurry_this_thread_no_more() noexcept {
  if (!was_usual.load()) return;
  const sched_param none{};
  ::pthread_setschedparam(::pthread_self(), SCHED_OTHER, &none);
}

}  // namespace fmrx
