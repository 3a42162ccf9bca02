// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the runtime does over and over allocates nothing once it is warm. On the system's own
// poller, for the simulated one allocates.
#include <cstddef>
#include <optional>

#include "rt/async_generator.hpp"
#include "rt/channel.hpp"
#include "rt/run.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "rt/task.hpp"
#include "support/catch2.hpp"
#include "support/counted_allocations.hpp"

namespace fmrx::rt {

namespace {

using namespace std::chrono_literals;

constexpr int kTimes = 1000;

Task<int> value_now(int value) {
  co_return value;
}
Task<int> value_later(int value) {
  co_await yield();
  co_return value;
}

Task<void> await_tasks() {
  for (int i = 0; i < kTimes; ++i) {
    [[maybe_unused]] const int now = co_await value_now(i);
    [[maybe_unused]] const int later = co_await value_later(i);
  }
}

Task<void> yield_often() {
  for (int i = 0; i < kTimes; ++i) co_await yield();
}

Task<void> send(Channel<int>& channel) {
  for (int i = 0; i < kTimes; ++i) co_await channel.push(i);
  channel.close();
}
Task<void> receive(Channel<int>& channel) {
  for (;;) {
    const auto item = co_await channel.pop();
    if (!item) break;
  }
}
template <std::size_t kCapacity>
Task<void> use_channel() {
  Channel<int> channel(kCapacity);
  Scope scope;
  scope.spawn(send(channel));
  scope.spawn(receive(channel));
  co_await scope.join();
}

Task<void> sleep_for_an_hour() {
  co_await sleep_for(1h);
}
Task<void> end_soon() {
  co_await yield();
}
Task<void> spawn_often() {
  for (int i = 0; i < kTimes; ++i) {
    Scope scope;
    scope.spawn(end_soon());
    scope.spawn(sleep_for_an_hour());
    co_await yield();
    co_await yield();
    scope.stop();  // one has ended, the other is cancelled
    co_await scope.join();
  }
}

Task<void> use_timers() {
  for (int i = 0; i < kTimes; ++i) {
    co_await sleep_for(0s);                                                              // fires
    [[maybe_unused]] const bool ended = co_await with_timeout(0s, sleep_for_an_hour());  // one of two fires
  }
}

AsyncGenerator<int> count_slowly() {
  for (int i = 0; i < kTimes; ++i) {
    co_await yield();
    co_yield i;
  }
}
Task<void> generate() {
  auto numbers = count_slowly();
  for (;;) {
    const int* const number = co_await numbers.next();
    if (number == nullptr) break;
  }
}

/// In one loop: frames are recycled as long as it lives.
Task<std::size_t> allocations_once_warm(Task<void> (*work)()) {
  co_await work();
  const std::size_t before = test::allocations();
  co_await work();
  co_return test::allocations() - before;
}

std::size_t allocations_of(Task<void> (*work)()) {
  EventLoop loop;
  return run(loop, allocations_once_warm(work));
}

}  // namespace

TEST_CASE("allocation: a frame of a first task is allocated, so the count is alive") {
  const std::size_t before = test::allocations();
  EventLoop loop;
  run(loop, await_tasks());
  CHECK(test::allocations() > before);
}

TEST_CASE("allocation: tasks, yielding, timers and generators allocate nothing once warm") {
  CHECK(allocations_of(await_tasks) == 0);
  CHECK(allocations_of(yield_often) == 0);
  CHECK(allocations_of(spawn_often) == 0);
  CHECK(allocations_of(use_timers) == 0);
  CHECK(allocations_of(generate) == 0);
}

TEST_CASE("allocation: a channel allocates its ring and nothing for its items") {
  CHECK(allocations_of(use_channel<1>) == 1);
  CHECK(allocations_of(use_channel<64>) == 1);
}

}  // namespace fmrx::rt
