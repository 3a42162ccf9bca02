// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "rt/descriptor.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "rt/timer_heap.hpp"
#include "rt/witness.hpp"
#include "support/catch2.hpp"

namespace fmrx::rt {

namespace {

using namespace std::chrono_literals;

TimePoint now() {
  return EventLoop::current().now();
}

Task<Duration> sleep_every_second_of_a_day() {
  const TimePoint start = now();
  for (int second = 0; second < 24 * 60 * 60; ++second) co_await sleep_for(1s);
  co_return now() - start;
}

TEST_CASE("sleep: a day of sleeping takes no time on a virtual clock") {
  CHECK(simulate(sleep_every_second_of_a_day()) == 24h);
}

Task<void> note_after(Log& log, Duration duration, std::string name) {
  co_await sleep_for(duration);
  log.push_back(name);
}
Task<void> sleep_beside(Log& log) {
  Scope scope;
  scope.spawn(note_after(log, 3s, "3 s"));
  scope.spawn(note_after(log, 1s, "1 s"));
  scope.spawn(note_after(log, 2s, "2 s"));
  scope.spawn(note_after(log, 0s, "0 s"));
  scope.spawn(note_after(log, -1s, "-1 s"));
  co_await scope.join();
}

TEST_CASE("sleep: sleepers wake in the order of their times") {
  Log log;
  simulate(sleep_beside(log));
  CHECK(log == Log{"-1 s", "0 s", "1 s", "2 s", "3 s"});
}

Task<void> sleep_alike(Log& log) {
  Scope scope;
  for (const char* const name : {"a", "b", "c", "d", "e", "f"}) scope.spawn(note_after(log, 1s, name));
  co_await scope.join();
}

TEST_CASE("sleep: equal times fire in the order in which they were set") {
  Log log;
  simulate(sleep_alike(log));
  CHECK(log == Log{"a", "b", "c", "d", "e", "f"});
}

TEST_CASE("simulation: one seed replays one order of events, and seeds differ") {
  std::set<Log> orders;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Log first;
    Log again;
    simulate(sleep_alike(first), seed);
    simulate(sleep_alike(again), seed);
    CHECK(first == again);
    orders.insert(first);
  }
  // Twenty of 720 orders: to draw fewer than ten different ones is next to impossible.
  CHECK(orders.size() >= 10);
}

Task<void> note_readable(Log& log, int fd, std::string name) {
  co_await readable(fd);
  log.push_back(name);
}
Task<void> read_beside_sleeping(Log& log, int fd) {
  Scope scope;
  scope.spawn(note_readable(log, fd, "data"));
  scope.spawn(note_after(log, 0s, "timer"));
  co_await scope.join();
}

TEST_CASE("simulation: the seed also orders descriptors among timers") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "x", 1) == 1);
  std::set<Log> orders;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Log log;
    simulate(read_beside_sleeping(log, ends[0]), seed);
    orders.insert(log);
  }
  CHECK(orders.size() == 2);
  ::close(ends[0]);
  ::close(ends[1]);
}

Task<void> yield_thrice(Log& log, std::string name) {
  for (int i = 0; i < 3; ++i) {
    log.push_back(name);
    co_await yield();
  }
}
Task<void> yield_beside(Log& log) {
  Scope scope;
  scope.spawn(yield_thrice(log, "a"));
  scope.spawn(yield_thrice(log, "b"));
  co_await scope.join();
}

TEST_CASE("yield: others that are ready run first") {
  Log log;
  simulate(yield_beside(log));
  CHECK(log == Log{"a", "b", "a", "b", "a", "b"});
}

Task<void> yield_until(const bool& done) {
  while (!done) co_await yield();
}
Task<void> note_byte(int fd, bool& done) {
  co_await readable(fd);
  done = true;
}
Task<void> yield_beside_a_descriptor(int fd) {
  bool done = false;
  Scope scope;
  scope.spawn(yield_until(done));
  scope.spawn(note_byte(fd, done));
  co_await scope.join();
}

TEST_CASE("yield: coroutines that never rest do not starve descriptors") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "x", 1) == 1);
  simulate(yield_beside_a_descriptor(ends[0]));
  EventLoop loop;
  run(loop, yield_beside_a_descriptor(ends[0]));
  ::close(ends[0]);
  ::close(ends[1]);
}

Task<int> number_after(Duration duration, int number) {
  co_await sleep_for(duration);
  co_return number;
}
Task<int> number_now(int number) {
  co_return number;
}
Task<int> fail_after(Duration duration) {
  co_await sleep_for(duration);
  throw std::runtime_error("lost");
}
Task<void> note_end(Log& log, Duration duration) {
  const Witness witness(log, "destroyed");
  co_await sleep_for(duration);
  log.push_back("done");
}

Task<std::optional<int>> in_time(Duration timeout, Task<int> task) {
  const auto result = co_await with_timeout(timeout, std::move(task));
  co_return result;
}

TEST_CASE("timeout: a task that ends in time gives its value, or throws its error") {
  CHECK(simulate(in_time(2s, number_after(1s, 7))) == 7);
  CHECK(simulate(in_time(2s, number_now(7))) == 7);
  CHECK(simulate(in_time(0s, number_now(7))) == 7);
  CHECK_THROWS_WITH(simulate(in_time(2s, fail_after(1s))), "lost");
}

Task<void> time_out(Log& log) {
  const TimePoint start = now();
  const bool ended = co_await with_timeout(1s, note_end(log, 1h));
  CHECK_FALSE(ended);
  CHECK(now() - start == 1s);
  log.push_back("timed out");
}

TEST_CASE("timeout: a task that takes too long is destroyed and gives nothing") {
  Log log;
  simulate(time_out(log));
  CHECK(log == Log{"destroyed", "timed out"});
  CHECK_FALSE(simulate(in_time(1s, fail_after(2s))).has_value());
}

Task<std::optional<int>> deadline_of_another() {
  const auto result = co_await with_deadline(now() + 1s, number_after(1s, 7));
  co_return result;
}

TEST_CASE("timeout: when the task's end and the timeout fall on one moment, the task wins") {
  CHECK(simulate(deadline_of_another()) == 7);
}

TEST_CASE("timeout: one that runs before a task that was to end at the same moment ends it cleanly") {
  std::set<std::optional<int>> results;
  for (std::uint64_t seed = 1; seed < 20; ++seed) results.insert(simulate(deadline_of_another(), seed));
  CHECK(results == std::set<std::optional<int>>{std::nullopt, 7});
}

Task<void> nest_timeouts(Log& log) {
  const bool ended = co_await with_timeout(1s, note_end(log, 1h));
  CHECK_FALSE(ended);
}
Task<bool> outer_times_out_first(Log& log) {
  const bool ended = co_await with_timeout(500ms, nest_timeouts(log));
  co_return ended;
}

TEST_CASE("timeout: an outer one that is shorter ends the inner one as well") {
  Log log;
  CHECK_FALSE(simulate(outer_times_out_first(log)));
  CHECK(log == Log{"destroyed"});
}

TEST_CASE("timers: however they are added and removed, they come out in order") {
  std::mt19937_64 random(1);
  TimerHeap heap;
  Waiter nobody;
  std::vector<std::unique_ptr<Timer>> timers;
  std::vector<TimePoint> times;
  for (int i = 0; i < 2000; ++i) {
    const TimePoint due(std::chrono::nanoseconds(random() % 500));
    timers.push_back(std::make_unique<Timer>(due, nobody));
    times.push_back(due);
    heap.add(*timers.back());
    if (random() % 3 == 0) {
      const std::size_t victim = random() % timers.size();
      timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(victim));
      times.erase(times.begin() + static_cast<std::ptrdiff_t>(victim));
    }
  }
  std::sort(times.begin(), times.end());
  std::vector<TimePoint> popped;
  while (!heap.empty()) {
    popped.push_back(heap.earliest());
    CHECK_FALSE(heap.pop().pending());
  }
  CHECK(popped == times);
}

}  // namespace

}  // namespace fmrx::rt
