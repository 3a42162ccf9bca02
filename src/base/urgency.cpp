// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/urgency.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

namespace fmrx {

// A nice value would not do: Linux weighs it only among the programs of one terminal or service.

void hurry_this_thread() noexcept {
  if (::getpriority(PRIO_PROCESS, 0) > 0) return;
  sched_param least{};
  least.sched_priority = ::sched_get_priority_min(SCHED_RR);
  ::pthread_setschedparam(::pthread_self(), SCHED_RR, &least);
}

void hurry_this_thread_no_more() noexcept {
  const sched_param none{};
  ::pthread_setschedparam(::pthread_self(), SCHED_OTHER, &none);
}

}  // namespace fmrx
