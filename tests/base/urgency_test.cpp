// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/urgency.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include "support/catch2.hpp"

using namespace fmrx;

namespace {

/// What a process is started with: by chrt, nice, or systemd.
struct Chosen {
  int policy = SCHED_OTHER;
  int priority = 0;
  int nice = 0;
};

bool choose(Chosen chosen) {
  sched_param param{};
  param.sched_priority = chosen.priority;
  return ::sched_setscheduler(0, chosen.policy, &param) == 0 &&
         ::setpriority(PRIO_PROCESS, 0, chosen.nice) == 0;
}

bool runs_with(Chosen expected) {
  sched_param param{};
  ::sched_getparam(0, &param);
  return ::sched_getscheduler(0) == expected.policy && param.sched_priority == expected.priority &&
         ::getpriority(PRIO_PROCESS, 0) == expected.nice;
}

void nothing() {}
void hurry() {
  hurry_this_thread();
}
void hurry_as_callback() {
  hurry_this_thread(Urgency::callback);
}
void hurry_as_both() {
  hurry();
  hurry_as_callback();
}

/// Whether, in a process that was started with `chosen` and did `work`, a thread that does `then` runs with
/// `expected`; nothing if this system does not allow such a process, and says so.
std::optional<bool> becomes(Chosen chosen, void (*work)(), Chosen expected, void (*then)() = nothing) {
  enum Answer { yes, no, not_allowed };
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (!choose(chosen)) ::_exit(not_allowed);
    work();
    std::thread([&] {
      then();
      ::_exit(runs_with(expected) ? yes : no);
    }).join();
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == not_allowed) {
    WARN("skipped: needs to be root, or the limit rtprio");
    return std::nullopt;
  }
  return WEXITSTATUS(status) == yes;
}

bool allows(Chosen chosen) {
  return becomes(chosen, nothing, chosen).has_value();
}

constexpr Chosen kUsual{};
constexpr Chosen kLeastUrgent{SCHED_RR, 1};
constexpr Chosen kCallback{SCHED_RR, 5};
constexpr Chosen kVeryUrgent{SCHED_RR, 20};

}  // namespace

TEST_CASE("a thread that must keep pace runs before programs that compute, where it may") {
  if (allows(kLeastUrgent)) CHECK(becomes(kUsual, hurry, kLeastUrgent).value_or(true));
}

TEST_CASE("hurrying never lowers a priority that somebody chose") {
  constexpr Chosen kFifo{SCHED_FIFO, 3};
  CHECK(becomes(kVeryUrgent, hurry, kVeryUrgent).value_or(true));
  CHECK(becomes(kVeryUrgent, hurry_as_callback, kVeryUrgent).value_or(true));
  CHECK(becomes(kFifo, hurry, kFifo).value_or(true));
}

TEST_CASE("a sound card's callback is more urgent than the receiver that fills its ring") {
  if (allows(kCallback)) CHECK(becomes(kUsual, hurry_as_both, kCallback).value_or(true));
}

TEST_CASE("who was told to be nice, batch or idle does not hurry") {
  for (const Chosen chosen : {Chosen{SCHED_OTHER, 0, 10}, Chosen{SCHED_BATCH}, Chosen{SCHED_IDLE}})
    CHECK(becomes(chosen, hurry, chosen).value_or(true));
}

TEST_CASE("hooks run as the program was started: as usual, or as urgent as somebody chose") {
  CHECK(becomes(kUsual, hurry, kUsual, hurry_this_thread_no_more).value_or(true));
  CHECK(becomes(kVeryUrgent, hurry, kVeryUrgent, hurry_this_thread_no_more).value_or(true));
}
