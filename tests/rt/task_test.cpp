// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/task.hpp"

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "rt/witness.hpp"
#include "support/catch2.hpp"

namespace fmrx::rt {

namespace {

using namespace std::chrono_literals;

Task<void> note(Log& log, std::string what) {
  log.push_back(what);
  co_return;
}

Task<void> create_then_await(Log& log) {
  auto task = note(log, "task");
  log.push_back("created");
  co_await std::move(task);
  log.push_back("awaited");
}

TEST_CASE("task: it begins when it is awaited, not before") {
  Log log;
  simulate(create_then_await(log));
  CHECK(log == Log{"created", "task", "awaited"});
}

Task<int> seven() {
  co_return 7;
}
Task<int> seven_later() {
  co_await yield();
  co_return 7;
}
Task<std::unique_ptr<int>> boxed(int value) {
  co_await yield();
  co_return std::make_unique<int>(value);
}

TEST_CASE("task: it gives its value, whether or not it suspended, and move-only ones too") {
  CHECK(simulate(seven()) == 7);
  CHECK(simulate(seven_later()) == 7);
  CHECK(*simulate(boxed(5)) == 5);
}

Task<int> fail_now() {
  throw std::runtime_error("no signal");
  co_return 0;
}
Task<int> fail_later() {
  co_await sleep_for(1s);
  throw std::runtime_error("no signal");
}
Task<std::string> catch_from(Task<int> task) {
  std::string caught;
  try {
    const int value = co_await std::move(task);
    caught = std::to_string(value);
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  co_return caught;
}

TEST_CASE("task: what it throws reaches who awaits it") {
  CHECK(simulate(catch_from(fail_now())) == "no signal");
  CHECK(simulate(catch_from(fail_later())) == "no signal");
  CHECK_THROWS_AS(simulate(fail_later()), std::runtime_error);
}

Task<void> take(Witness) {
  co_return;
}

TEST_CASE("task: one that is never awaited never begins, and its parameters are destroyed once") {
  Log log;
  { const auto task = take(Witness(log, "parameter")); }
  CHECK(log == Log{"parameter"});
}

Task<void> innermost(Log& log, Witness) {
  const Witness first(log, "inner first");
  const Witness second(log, "inner second");
  co_await sleep_for(1h);
}
Task<void> outermost(Log& log, Witness) {
  const Witness local(log, "outer local");
  co_await innermost(log, Witness(log, "inner parameter"));
}
Task<void> stop_while_suspended(Log& log) {
  Scope scope;
  scope.spawn(outermost(log, Witness(log, "outer parameter")));
  co_await sleep_for(1s);
  scope.stop();
  co_await scope.join();
  log.push_back("joined");
}

TEST_CASE("task: cancelled where it is suspended, it is destroyed once, innermost first") {
  Log log;
  simulate(stop_while_suspended(log));
  CHECK(log ==
        Log{"inner second", "inner first", "inner parameter", "outer local", "outer parameter", "joined"});
}

Task<std::uint64_t> depth(int left) {
  if (left == 0) {
    co_await yield();
    co_return 0;
  }
  const std::uint64_t below = co_await depth(left - 1);
  co_return below + 1;
}

TEST_CASE("task: a chain of a thousand awaits suspends and returns as a whole") {
  CHECK(simulate(depth(1000)) == 1000);
}

Task<std::uintptr_t> where_is_the_stack() {
  const char here = 0;
  co_return reinterpret_cast<std::uintptr_t>(&here);
}
Task<std::uintptr_t> where_is_the_stack_later() {
  co_await yield();
  const std::uintptr_t here = co_await where_is_the_stack();
  co_return here;
}
Task<bool> await_often(int times) {
  const std::uintptr_t first = co_await where_is_the_stack_later();
  bool same = true;
  for (int i = 0; i < times; ++i) {
    [[maybe_unused]] const int ready = co_await seven();
    [[maybe_unused]] const int posted = co_await seven_later();
  }
  const std::uintptr_t last = co_await where_is_the_stack_later();
  same = first == last;
  co_return same;
}

TEST_CASE("task: a million awaits that are ready, and as many that are posted, need no stack") {
  // A stack that grew by one byte for each would be a megabyte deeper; that locals of two
  // calls from one depth have one address holds for the stack, not for a sanitizer's fake one.
  [[maybe_unused]] const bool same = simulate(await_often(1'000'000));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
  CHECK(same);
#endif
}

}  // namespace

}  // namespace fmrx::rt
