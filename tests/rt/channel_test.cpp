// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/channel.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "rt/witness.hpp"
#include "support/catch2.hpp"

namespace fmrx::rt {

namespace {

using namespace std::chrono_literals;

Task<void> send(Log& log, Channel<int>& channel, int count) {
  for (int i = 1; i <= count; ++i) {
    const bool taken = co_await channel.push(i);
    log.push_back((taken ? "pushed " : "refused ") + std::to_string(i));
    if (!taken) co_return;
  }
  channel.close();
}
Task<void> receive(Log& log, Channel<int>& channel) {
  for (;;) {
    const auto item = co_await channel.pop();
    if (!item) break;
    log.push_back("popped " + std::to_string(*item));
  }
  log.push_back("end");
}

Task<void> fill(Log& log) {
  Channel<int> channel(2);
  Scope scope;
  scope.spawn(send(log, channel, 3));
  co_await sleep_for(1s);
  CHECK(channel.full());
  CHECK(log == Log{"pushed 1", "pushed 2"});
  const auto item = co_await channel.pop();
  CHECK(item == 1);
  co_await scope.join();
  CHECK(log == Log{"pushed 1", "pushed 2", "pushed 3"});
}

TEST_CASE("channel: a full one suspends its writer until there is room") {
  Log log;
  simulate(fill(log));
}

Task<void> starve(Log& log) {
  Channel<int> channel(2);
  Scope scope;
  scope.spawn(receive(log, channel));
  co_await sleep_for(1s);
  CHECK(log.empty());
  co_await channel.push(1);
  co_await sleep_for(1s);
  CHECK(log == Log{"popped 1"});
  channel.close();
  co_await scope.join();
  CHECK(log == Log{"popped 1", "end"});
}

TEST_CASE("channel: an empty one suspends its reader until there is an item, or the end") {
  Log log;
  simulate(starve(log));
}

Task<std::vector<int>> pass_through(std::size_t capacity, int count) {
  Channel<int> channel(capacity);
  Log log;
  Scope scope;
  scope.spawn(send(log, channel, count));
  std::vector<int> items;
  for (;;) {
    const auto item = co_await channel.pop();
    if (!item) break;
    items.push_back(*item);
  }
  co_await scope.join();
  co_return items;
}

TEST_CASE("channel: items come in order, once each, whatever the capacity") {
  std::vector<int> expected;
  for (int i = 1; i <= 100; ++i) expected.push_back(i);
  for (const std::size_t capacity : {1U, 2U, 3U, 5U, 64U, 1000U}) {
    CHECK(simulate(pass_through(capacity, 100)) == expected);
  }
}

Task<void> drain_after_close(Log& log) {
  Channel<int> channel(3);
  co_await send(log, channel, 3);
  CHECK(channel.closed());
  CHECK(channel.size() == 3);
  log.clear();
  co_await receive(log, channel);
  const auto after = co_await channel.pop();
  CHECK_FALSE(after);
}

TEST_CASE("channel: closing drains before the end, and the end stays") {
  Log log;
  simulate(drain_after_close(log));
  CHECK(log == Log{"popped 1", "popped 2", "popped 3", "end"});
}

Task<void> abandon_full(Log& log) {
  Channel<int> channel(1);
  Scope scope;
  scope.spawn(send(log, channel, 5));
  co_await sleep_for(1s);
  channel.abandon();
  CHECK(channel.empty());
  co_await scope.join();
  int item = 9;
  CHECK_FALSE(channel.try_push(item));
  const bool taken = co_await channel.push(9);
  CHECK_FALSE(taken);
  CHECK(channel.abandoned());
}

TEST_CASE("channel: abandoning it drops what is there and refuses the waiting writer and all later ones") {
  Log log;
  simulate(abandon_full(log));
  CHECK(log == Log{"pushed 1", "refused 2"});
}

TEST_CASE("channel: try_push leaves with the caller what does not fit") {
  EventLoop loop(std::make_shared<SimulatedPoller>());
  Channel<std::unique_ptr<int>> channel(1);
  auto first = std::make_unique<int>(1);
  auto second = std::make_unique<int>(2);
  CHECK(channel.try_push(first));
  CHECK_FALSE(channel.try_push(second));
  CHECK(first == nullptr);
  REQUIRE(second != nullptr);
  CHECK(**channel.try_pop() == 1);
  CHECK_FALSE(channel.try_pop().has_value());
  CHECK(channel.try_push(second));
}

TEST_CASE("channel: what is in it goes with it, once") {
  Log log;
  EventLoop loop(std::make_shared<SimulatedPoller>());
  {
    Channel<Witness> channel(3);
    for (const char* const name : {"a", "b", "c"}) {
      Witness item(log, name);
      REQUIRE(channel.try_push(item));
    }
    { const auto taken = channel.try_pop(); }
    CHECK(log == Log{"a"});
  }
  CHECK(log == Log{"a", "b", "c"});
}

Task<void> receive_one(std::optional<int>& got, Channel<int>& channel) {
  const auto item = co_await channel.pop();
  got = item;
}
Task<void> cancel_woken_reader() {
  Channel<int> channel(1);
  std::optional<int> lost;
  {
    Scope scope;
    scope.spawn(receive_one(lost, channel));
    co_await sleep_for(1s);
    int item = 7;
    REQUIRE(channel.try_push(item));  // wakes the reader, which is gone before its turn
  }
  CHECK_FALSE(lost);
  const auto item = co_await channel.pop();
  CHECK(item == 7);
}

TEST_CASE("channel: a reader that is cancelled after it was woken leaves the item") {
  simulate(cancel_woken_reader());
}

Task<void> push_one(Channel<Witness>& channel, Witness item) {
  co_await channel.push(std::move(item));
}
Task<void> cancel_waiting_writer(Log& log) {
  Channel<Witness> channel(1);
  Scope scope;
  scope.spawn(push_one(channel, Witness(log, "first")));
  scope.spawn(push_one(channel, Witness(log, "second")));
  co_await sleep_for(1s);
  scope.stop();
  co_await scope.join();
  CHECK(log == Log{"second"});
  const auto item = co_await channel.pop();
  CHECK(item.has_value());
  CHECK(channel.empty());
}

TEST_CASE("channel: a writer that is cancelled takes its item along, and the channel works on") {
  Log log;
  simulate(cancel_waiting_writer(log));
  CHECK(log == Log{"second", "first"});
}

Task<void> destroy_under_waiters() {
  Scope scope;
  Channel<int> channel(1);  // goes before the scope and its tasks
  Log log;
  scope.spawn(receive(log, channel));
  co_await sleep_for(1s);
}

TEST_CASE("channel: one that goes before a coroutine that waits for it leaves it waiting") {
  simulate(destroy_under_waiters());
}

}  // namespace

}  // namespace fmrx::rt
