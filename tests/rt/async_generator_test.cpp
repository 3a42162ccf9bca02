// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/async_generator.hpp"

#include <stdexcept>
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

AsyncGenerator<int> count_to(Log& log, int last, Duration pause) {
  const Witness witness(log, "destroyed");
  for (int i = 1; i <= last; ++i) {
    if (pause > 0s) co_await sleep_for(pause);
    log.push_back("yields " + std::to_string(i));
    co_yield i;
  }
}

Task<std::vector<int>> collect(AsyncGenerator<int> numbers) {
  std::vector<int> values;
  for (;;) {
    const int* const value = co_await numbers.next();
    if (value == nullptr) break;
    values.push_back(*value);
  }
  const int* const after = co_await numbers.next();
  CHECK(after == nullptr);
  co_return values;
}

TEST_CASE("generator: it gives its values in order, then the end for good, waiting or not") {
  Log log;
  CHECK(simulate(collect(count_to(log, 3, 0s))) == std::vector{1, 2, 3});
  CHECK(simulate(collect(count_to(log, 3, 1s))) == std::vector{1, 2, 3});
  CHECK(simulate(collect(count_to(log, 0, 1s))).empty());
}

Task<void> take_two(Log& log) {
  auto numbers = count_to(log, 9, 1s);
  for (int i = 0; i < 2; ++i) {
    co_await numbers.next();
    log.push_back("taken");
  }
}

TEST_CASE("generator: it runs only as far as somebody asks, and can be left anywhere") {
  Log log;
  simulate(take_two(log));
  CHECK(log == Log{"yields 1", "taken", "yields 2", "taken", "destroyed"});
}

AsyncGenerator<int> fail_after_one() {
  int one = 1;
  co_yield one;
  co_await sleep_for(1s);
  throw std::runtime_error("lost");
}

Task<void> collect_failing() {
  auto numbers = fail_after_one();
  const int* const first = co_await numbers.next();
  REQUIRE(first != nullptr);
  bool failed = false;
  try {
    co_await numbers.next();
  } catch (const std::runtime_error&) {
    failed = true;
  }
  CHECK(failed);
  const int* const after = co_await numbers.next();
  CHECK(after == nullptr);
}

TEST_CASE("generator: what it throws reaches who asked, and is its end") {
  simulate(collect_failing());
}

Task<int> next_of(AsyncGenerator<int>& numbers) {
  const int* const value = co_await numbers.next();
  co_return value == nullptr ? 0 : *value;
}
Task<void> cancel_next(Log& log) {
  auto numbers = count_to(log, 3, 2s);
  const auto early = co_await with_timeout(1s, next_of(numbers));
  CHECK_FALSE(early);
  const int waited_for = co_await next_of(numbers);
  CHECK(waited_for == 1);
  const auto again = co_await with_timeout(1s, next_of(numbers));
  CHECK_FALSE(again);
  co_await sleep_for(10s);  // meanwhile it yields, and nobody is there
  const int held = co_await next_of(numbers);
  CHECK(held == 2);
  const int last = co_await next_of(numbers);
  CHECK(last == 3);
}

TEST_CASE("generator: a cancelled next() loses no value, whether it comes later or nobody was there") {
  Log log;
  simulate(cancel_next(log));
}

AsyncGenerator<int> count_slowly() {
  for (int i = 1; i <= 1000; ++i) {
    co_await yield();
    co_yield i;
  }
}
Task<void> sum_of(AsyncGenerator<int> numbers, int& sum) {
  for (;;) {
    const int* const value = co_await numbers.next();
    if (value == nullptr) break;
    sum += *value;
  }
}
Task<void> sum_two(int& first, int& second) {
  Scope scope;
  scope.spawn(sum_of(count_slowly(), first));
  scope.spawn(sum_of(count_slowly(), second));
  co_await scope.join();
}

TEST_CASE("generator: two of them run beside each other") {
  int first = 0;
  int second = 0;
  simulate(sum_two(first, second));
  CHECK(first == 1000 * 1001 / 2);
  CHECK(second == first);
}

}  // namespace

}  // namespace fmrx::rt
