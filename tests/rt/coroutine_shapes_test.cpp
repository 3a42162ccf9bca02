// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the runtime needs of the compiler, tried with plain <coroutine>. Several neighbours of these
// shapes are miscompiled by GCC 12.2; tests/project/coroutine_rules.cpp forbids them. If a test here
// fails, the compiler cannot build fmrx, whatever the other tests say. Each coroutine stands above the
// test that runs it.
#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/catch2.hpp"

namespace {

/// Writes its name into a log when it is destroyed; one that was moved from writes nothing.
class Witness {
 public:
  Witness(std::vector<std::string>& log, std::string name) : log_(&log), name_(std::move(name)) {}
  Witness(Witness&& other) noexcept
      : log_(std::exchange(other.log_, nullptr)), name_(std::move(other.name_)) {}
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  Witness& operator=(Witness&&) = delete;
  ~Witness() {
    if (log_ != nullptr) log_->push_back(name_);
  }

  [[nodiscard]] std::vector<std::string>& log() const { return *log_; }

 private:
  std::vector<std::string>* log_;
  std::string name_;
};

/// The smallest lazy task: awaiting it starts it, and its end resumes who awaits.
template <typename T>
class [[nodiscard]] Task {
 public:
  struct promise_type {
    std::optional<T> value;
    std::exception_ptr error;
    std::coroutine_handle<> continuation = std::noop_coroutine();

    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Continue {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
          return self.promise().continuation;
        }
        void await_resume() noexcept {}
      };
      return Continue();
    }
    void return_value(T result) { value.emplace(std::move(result)); }
    void unhandled_exception() { error = std::current_exception(); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  auto operator co_await() && noexcept {
    struct Await {
      std::coroutine_handle<promise_type> handle;
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
        handle.promise().continuation = caller;
        return handle;
      }
      T await_resume() const { return take(handle); }
    };
    return Await{handle_};
  }

  void resume() { handle_.resume(); }
  [[nodiscard]] bool is_done() const { return handle_.done(); }
  T result() { return take(handle_); }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  static T take(std::coroutine_handle<promise_type> handle) {
    if (handle.promise().error) std::rethrow_exception(handle.promise().error);
    return std::move(*handle.promise().value);
  }

  std::coroutine_handle<promise_type> handle_;
};

/// Suspends whoever awaits it and keeps the handle for the test to resume.
class Gate {
 public:
  class Awaiter {
   public:
    Awaiter(Gate& gate, Witness witness) : gate_(gate), witness_(std::move(witness)) {}
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) noexcept { gate_.waiting_ = handle; }
    int await_resume() noexcept { return gate_.value_; }

   private:
    Gate& gate_;
    Witness witness_;
  };

  /// The awaiter owns `witness`, as a temporary of the co_await expression.
  Awaiter pass(Witness witness) { return {*this, std::move(witness)}; }

  void open(int value) {
    value_ = value;
    std::exchange(waiting_, nullptr).resume();
  }

 private:
  std::coroutine_handle<> waiting_;
  int value_ = 0;
};

template <typename T>
T run(Task<T> task) {
  task.resume();
  REQUIRE(task.is_done());
  return task.result();
}

Task<int> ready(int value) {
  co_return value;
}

using Log = std::vector<std::string>;

Task<int> count_down(int from) {
  int rounds = 0;
  for (;;) {
    const int left = co_await ready(from - rounds);
    if (left == 0) break;
    ++rounds;
  }
  co_return rounds;
}

TEST_CASE("compiler: a result is named before a condition looks at it") {
  CHECK(run(count_down(1000)) == 1000);
}

struct Options {
  Witness witness;
  int value;
};

Task<int> take_options(Options options) {
  co_return options.value;
}

Task<int> pass_named_aggregate(Log& log) {
  Options options{.witness = Witness(log, "options"), .value = 7};
  const int value = co_await take_options(std::move(options));
  co_return value;
}

TEST_CASE("compiler: a named aggregate is moved into an awaited call and destroyed once") {
  Log log;
  CHECK(run(pass_named_aggregate(log)) == 7);
  CHECK(log == Log{"options"});
}

template <typename Function>
Task<int> call(Function function) {
  co_return function();
}

Task<int> pass_named_closure(Log& log) {
  auto function = [witness = std::make_shared<Witness>(log, "closure")] { return 9; };
  const int value = co_await call(std::move(function));
  co_return value;
}

TEST_CASE("compiler: a named closure that owns something is destroyed once") {
  Log log;
  CHECK(run(pass_named_closure(log)) == 9);
  CHECK(log == Log{"closure"});
}

Task<int> take_witness(Witness witness, int value) {
  witness.log().push_back("in use");
  co_return value;
}

Task<int> pass_temporary(Log& log) {
  const int value = co_await take_witness(Witness(log, "temporary"), 3);
  log.push_back("after");
  co_return value;
}

TEST_CASE("compiler: a temporary with constructors in a co_await expression is destroyed once") {
  Log log;
  CHECK(run(pass_temporary(log)) == 3);
  // The parameter dies with the callee's frame, at the end of the full expression.
  CHECK(log == Log{"in use", "temporary", "after"});
}

Task<std::size_t> length_of(std::string text) {
  co_return text.size();
}

Task<std::size_t> pass_named_choice(bool is_short) {
  const std::string head(40, 'h');
  std::string text = is_short ? head : head + std::string(60, 't');
  const std::size_t length = co_await length_of(std::move(text));
  co_return length;
}

TEST_CASE("compiler: a class-type choice is named before it is passed on") {
  CHECK(run(pass_named_choice(true)) == 40);
  CHECK(run(pass_named_choice(false)) == 100);
}

Task<int> fail(Log& log) {
  const Witness local(log, "inner");
  throw std::string("lost");
  co_return 0;
}

Task<int> pass_on_failure(Log& log) {
  const Witness local(log, "outer");
  const int value = co_await fail(log);
  co_return value;
}

TEST_CASE("compiler: an exception passes through a chain of awaits") {
  Log log;
  CHECK_THROWS_AS(run(pass_on_failure(log)), std::string);
  CHECK(log == Log{"inner", "outer"});
}

Task<int> innermost(Gate& gate, Log& log, Witness) {
  const Witness first(log, "inner first");
  const Witness second(log, "inner second");
  const int value = co_await gate.pass(Witness(log, "awaiter"));
  const Witness third(log, "inner third");
  co_return value;
}

Task<int> middle(Gate& gate, Log& log, Witness) {
  const Witness local(log, "middle local");
  const int value = co_await innermost(gate, log, Witness(log, "inner parameter"));
  co_return value;
}

Task<int> outermost(Gate& gate, Log& log) {
  const Witness local(log, "outer local");
  for (;;) {
    const Witness scoped(log, "outer scoped");
    const int value = co_await middle(gate, log, Witness(log, "middle parameter"));
    if (value > 0) co_return value;
  }
}

TEST_CASE("compiler: a resumed chain destroys each object once, innermost first") {
  Log log;
  Gate gate;
  auto task = outermost(gate, log);
  task.resume();
  CHECK(log.empty());
  gate.open(4);
  REQUIRE(task.is_done());
  CHECK(task.result() == 4);
  CHECK(log == Log{"awaiter", "inner third", "inner second", "inner first", "inner parameter", "middle local",
                   "middle parameter", "outer scoped", "outer local"});
}

// The runtime cancels like this: it destroys the outermost frame, and the tasks that the frames own
// take the rest of the chain with them.
TEST_CASE("compiler: destroying a suspended chain destroys each object once, innermost first") {
  Log log;
  Gate gate;
  {
    auto task = outermost(gate, log);
    task.resume();
    REQUIRE_FALSE(task.is_done());
    CHECK(log.empty());
  }
  CHECK(log == Log{"awaiter", "inner second", "inner first", "inner parameter", "middle local",
                   "middle parameter", "outer scoped", "outer local"});
}

Task<int> take_only(Witness) {
  co_return 1;
}

TEST_CASE("compiler: destroying a task that never began destroys its parameters once") {
  Log log;
  { const auto task = take_only(Witness(log, "parameter")); }
  CHECK(log == Log{"parameter"});
}

Task<int> await_after_catching(Gate& gate, Log& log) {
  bool has_failed = false;
  try {
    const Witness local(log, "tried");
    throw 1;
  } catch (int) {
    has_failed = true;  // nothing can be awaited in a handler
  }
  const int value = co_await gate.pass(Witness(log, "awaiter"));
  co_return has_failed ? value : 0;
}

TEST_CASE("compiler: a frame that caught an exception can be destroyed while it waits") {
  Log log;
  Gate gate;
  {
    auto task = await_after_catching(gate, log);
    task.resume();
    CHECK(std::uncaught_exceptions() == 0);
  }
  CHECK(log == Log{"tried", "awaiter"});
}

}  // namespace
