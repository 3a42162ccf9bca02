// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/scope.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "rt/gather.hpp"
#include "rt/sleep.hpp"
#include "rt/witness.hpp"
#include "support/catch2.hpp"

namespace fmrx::rt {

namespace {

using namespace std::chrono_literals;

Task<void> sleep_then_note(Log& log, Duration duration, std::string name) {
  const Witness witness(log, name + " destroyed");
  co_await sleep_for(duration);
  log.push_back(name + " done");
}
Task<void> fail_after(Duration duration, std::string what) {
  co_await sleep_for(duration);
  throw std::runtime_error(what);
}

Task<void> join_two(Log& log) {
  Scope scope;
  scope.spawn(sleep_then_note(log, 2s, "slow"));
  scope.spawn(sleep_then_note(log, 1s, "quick"));
  log.push_back("spawned");
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("scope: tasks run beside each other, and join waits for all of them") {
  Log log;
  simulate(join_two(log));
  CHECK(log == Log{"spawned", "quick done", "quick destroyed", "slow done", "slow destroyed", "joined"});
}

Task<void> join_nothing(Log& log) {
  Scope scope;
  co_await scope.join();
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("scope: joining one without tasks does not wait") {
  Log log;
  simulate(join_nothing(log));
  CHECK(log == Log{"joined"});
}

Task<void> fail_beside_another(Log& log) {
  Scope scope;
  scope.spawn(sleep_then_note(log, 1h, "sibling"));
  scope.spawn(fail_after(1s, "first"));
  scope.spawn(fail_after(2s, "second"));
  try {
    co_await scope.join();
  } catch (const std::runtime_error& error) {
    log.push_back(error.what());
  }
  CHECK(scope.stopped());
}

TEST_CASE("scope: the first error stops the siblings and is thrown by join") {
  Log log;
  simulate(fail_beside_another(log));
  CHECK(log == Log{"sibling destroyed", "first"});
}

Task<void> stop_own_scope(Log& log, Scope& scope) {
  const Witness witness(log, "stopper destroyed");
  scope.stop();
  log.push_back("still running");
  co_await yield();
  log.push_back("never");
}
Task<void> stop_from_inside(Log& log) {
  Scope scope;
  scope.spawn(sleep_then_note(log, 1h, "sibling"));
  scope.spawn(stop_own_scope(log, scope));
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("scope: a task may stop its own scope, and runs on to its next suspension") {
  Log log;
  simulate(stop_from_inside(log));
  CHECK(log == Log{"still running", "sibling destroyed", "stopper destroyed", "joined"});
}

Task<void> stop_then_end(Log& log, Scope& scope) {
  const Witness witness(log, "stopper destroyed");
  scope.stop();
  co_return;
}
Task<void> stop_and_end(Log& log) {
  Scope scope;
  scope.spawn(stop_then_end(log, scope));
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("scope: a task that stops its scope and ends is destroyed once") {
  Log log;
  simulate(stop_and_end(log));
  CHECK(log == Log{"stopper destroyed", "joined"});
}

Task<void> stop_before_it_begins(Log& log) {
  Scope scope;
  scope.spawn(sleep_then_note(log, 1s, "task"));
  scope.stop();
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("scope: a task stopped before its first turn never begins") {
  Log log;
  simulate(stop_before_it_begins(log));
  CHECK(log == Log{"joined"});
}

Task<void> spawn_after_stop(Log& log) {
  Scope scope;
  scope.stop();
  scope.spawn(sleep_then_note(log, 1s, "task"));
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("scope: after stop nothing is spawned any more") {
  Log log;
  simulate(spawn_after_stop(log));
  CHECK(log == Log{"joined"});
}

Task<void> leave_without_join(Log& log) {
  {
    Scope scope;
    scope.spawn(sleep_then_note(log, 1h, "task"));
    co_await sleep_for(1s);
    log.push_back("leaving");
  }
  log.push_back("left");
  co_await sleep_for(2h);
}

TEST_CASE("scope: leaving it without join ends its tasks") {
  Log log;
  simulate(leave_without_join(log));
  CHECK(log == Log{"leaving", "task destroyed", "left"});
}

Task<void> leave_by_throwing(Log& log) {
  Scope scope;
  scope.spawn(sleep_then_note(log, 1h, "task"));
  co_await sleep_for(1s);
  throw std::runtime_error("out");
}

TEST_CASE("scope: an exception that leaves it ends its tasks") {
  Log log;
  CHECK_THROWS_AS(simulate(leave_by_throwing(log)), std::runtime_error);
  CHECK(log == Log{"task destroyed"});
}

Task<void> inner_scope(Log& log) {
  const Witness witness(log, "inner destroyed");
  Scope scope;
  scope.spawn(sleep_then_note(log, 1h, "grandchild"));
  co_await scope.join();
}
Task<void> stop_nested(Log& log) {
  Scope scope;
  scope.spawn(inner_scope(log));
  co_await sleep_for(1s);
  scope.stop();
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("scope: stopping ends the scopes inside first") {
  Log log;
  simulate(stop_nested(log));
  CHECK(log == Log{"grandchild destroyed", "inner destroyed", "joined"});
}

Task<void> stop_outer_then_end(Log& log, Scope& outer, Witness) {
  const Witness witness(log, "stopper");
  outer.stop();
  co_return;
}
Task<void> hold_stopper(Log& log, Scope& outer) {
  const Witness witness(log, "inner destroyed");
  Scope scope;
  scope.spawn(stop_outer_then_end(log, outer, Witness(log, "parameter of stopper")));
  co_await sleep_for(1h);
}
Task<void> stop_outer_from_inside(Log& log) {
  Scope scope;
  scope.spawn(hold_stopper(log, scope));
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("scope: a task that stops the scope around its own and ends is destroyed once, with all of it") {
  Log log;
  simulate(stop_outer_from_inside(log));
  CHECK(log == Log{"stopper", "parameter of stopper", "inner destroyed", "joined"});
}

Task<void> fail_nested() {
  Scope scope;
  scope.spawn(fail_after(1s, "deep"));
  co_await scope.join();
}
Task<void> join_failing_nested(Log& log) {
  Scope scope;
  scope.spawn(sleep_then_note(log, 1h, "sibling"));
  scope.spawn(fail_nested());
  co_await scope.join();
}

TEST_CASE("scope: an error passes outwards through scopes") {
  Log log;
  CHECK_THROWS_WITH(simulate(join_failing_nested(log)), "deep");
  CHECK(log == Log{"sibling destroyed"});
}

Task<void> spawn_more(Log& log, Scope& scope) {
  scope.spawn(sleep_then_note(log, 1s, "child"));
  co_return;
}
Task<void> join_what_tasks_spawn(Log& log) {
  Scope scope;
  scope.spawn(spawn_more(log, scope));
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("scope: join waits also for what its tasks spawn") {
  Log log;
  simulate(join_what_tasks_spawn(log));
  CHECK(log == Log{"child done", "child destroyed", "joined"});
}

class SpawnsAtItsEnd {
 public:
  SpawnsAtItsEnd(Log& log, Scope& scope) : log_(log), scope_(scope) {}
  SpawnsAtItsEnd(const SpawnsAtItsEnd&) = delete;
  SpawnsAtItsEnd& operator=(const SpawnsAtItsEnd&) = delete;
  ~SpawnsAtItsEnd() { scope_.spawn(sleep_then_note(log_, 1s, "late")); }

 private:
  Log& log_;
  Scope& scope_;
};
Task<void> spawn_in_destructor(Log& log, Scope& scope) {
  const SpawnsAtItsEnd late(log, scope);
  co_await sleep_for(1h);
}
Task<void> destroy_what_spawns(Log& log) {
  Scope scope;
  scope.spawn(spawn_in_destructor(log, scope));
  co_await sleep_for(1s);
}

TEST_CASE("scope: what a destructor spawns while the scope is left does not outlive it") {
  Log log;
  simulate(destroy_what_spawns(log));
  CHECK(log.empty());
}

Task<int> number_after(Duration duration, int number) {
  co_await sleep_for(duration);
  co_return number;
}
Task<std::unique_ptr<int>> box_after(Duration duration, int number) {
  co_await sleep_for(duration);
  co_return std::make_unique<int>(number);
}
Task<void> nothing_after(Duration duration) {
  co_await sleep_for(duration);
}
Task<void> gather_three(Duration& taken) {
  const TimePoint start = EventLoop::current().now();
  const auto all = co_await gather(number_after(3s, 1), box_after(1s, 2), nothing_after(2s));
  CHECK(std::get<0>(all) == 1);
  CHECK(*std::get<1>(all) == 2);
  CHECK(std::get<2>(all) == std::monostate{});
  taken = EventLoop::current().now() - start;
}

TEST_CASE("gather: results come in order, after as long as the slowest takes") {
  Duration taken{};
  simulate(gather_three(taken));
  CHECK(taken == 3s);
}

Task<int> fail_number(Duration duration) {
  co_await sleep_for(duration);
  throw std::runtime_error("lost");
}
Task<void> gather_failing(Log& log) {
  co_await gather(number_after(1s, 1), fail_number(2s), sleep_then_note(log, 1h, "slow"));
}

TEST_CASE("gather: the first error stops the others and is thrown") {
  Log log;
  CHECK_THROWS_WITH(simulate(gather_failing(log)), "lost");
  CHECK(log == Log{"slow destroyed"});
}

}  // namespace

}  // namespace fmrx::rt
