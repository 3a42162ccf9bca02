// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Real threads, so that the thread sanitizer has something to look at. What they do is ordered
// by gates and bridges, never by time.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "rt/bridge.hpp"
#include "rt/foreign_thread.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "rt/spsc_ring.hpp"
#include "rt/witness.hpp"
#include "rt/workers.hpp"
#include "support/catch2.hpp"

namespace fmrx::rt {

namespace {

using namespace std::chrono_literals;

/// What a thread waits at until the test opens it.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

template <class T>
T on_real_loop(Task<T> task) {
  EventLoop loop;
  return run(loop, std::move(task));
}

TEST_CASE("spsc ring: what does not fit is not taken, and order survives the wrap") {
  SpscRing<int> ring(5);
  CHECK(ring.capacity() == 8);
  std::vector<int> in(6);
  std::vector<int> out(6);
  int next_in = 0;
  int next_out = 0;
  for (int round = 0; round < 100; ++round) {
    for (int& item : in) item = next_in++;
    const std::size_t written = ring.write(in);
    next_in -= static_cast<int>(in.size() - written);
    CHECK(ring.size() <= ring.capacity());
    const std::size_t got = ring.read(std::span(out).first(static_cast<std::size_t>(round % 7)));
    for (std::size_t i = 0; i < got; ++i) CHECK(out[i] == next_out++);
  }
  CHECK(next_out > 0);
  CHECK(ring.size() + ring.space() == ring.capacity());
}

TEST_CASE("spsc ring: what is read where it lies stays there until it is dropped") {
  SpscRing<int> ring(4);
  CHECK(ring.front(4).empty());
  ring.write(std::vector{1, 2, 3});
  CHECK(std::ranges::equal(ring.front(2), std::vector{1, 2}));
  CHECK(ring.size() == 3);
  ring.drop(2);
  CHECK(ring.write(std::vector{4, 5, 6, 7}) == 3);
  // One item before the ring's end, and the others in the next piece.
  CHECK(std::ranges::equal(ring.front(9), std::vector{3, 4}));
  ring.drop(2);
  CHECK(std::ranges::equal(ring.front(9), std::vector{5, 6}));
  ring.drop(1);
  CHECK(ring.size() == 1);
}

constexpr int kItems = 200'000;

Task<bool> read_in_order(Inbound<int>& bridge, int& next, std::size_t at_least) {
  std::vector<int> items(64);
  bool in_order = true;
  for (;;) {
    const bool more = co_await bridge.data(at_least);
    if (!more) break;
    const std::size_t count = bridge.read(items);
    for (std::size_t i = 0; i < count; ++i) in_order = in_order && items[i] == next++;
  }
  co_return in_order;
}

TEST_CASE("bridge inward: every item comes, in order, then the end") {
  for (const std::size_t at_least : {1U, 16U}) {
    EventLoop loop;
    Inbound<int> bridge(64);
    std::thread other([&] {
      for (int i = 0; i < kItems;) {
        if (bridge.push(i)) {
          ++i;
        } else {
          std::this_thread::yield();
        }
      }
      bridge.close();
    });
    int next = 0;
    CHECK(run(loop, read_in_order(bridge, next, at_least)));
    CHECK(next == kItems);
    other.join();
  }
}

Task<void> write_in_order(Outbound<int>& bridge) {
  std::vector<int> items(10);
  for (int next = 0; next < kItems;) {
    for (int& item : items) item = next++;
    const bool read = co_await bridge.room(items.size());
    CHECK(read);
    CHECK(bridge.write(items) == items.size());
  }
  bridge.close();
}

TEST_CASE("bridge outward: every item comes, in order, then the end") {
  const bool is_in_place = GENERATE(false, true);
  EventLoop loop;
  Outbound<int> bridge(64);
  bool in_order = true;
  int next = 0;
  std::thread other([&] {
    std::vector<int> items(7);
    while (bridge.wait()) {
      const std::span<const int> read =
          is_in_place ? bridge.front(7) : std::span<const int>(items).first(bridge.read(items));
      for (const int item : read) in_order = in_order && item == next++;
      if (is_in_place) bridge.drop(read.size());
    }
  });
  run(loop, write_in_order(bridge));
  other.join();
  CHECK(in_order);
  CHECK(next == kItems);
}

Task<bool> fill_until_closed(Outbound<int>& bridge) {
  for (;;) {
    const bool open = co_await bridge.room();
    if (!open) co_return true;
    const int item = 1;
    bridge.write({&item, 1});
  }
}

/// Writes once and closes at once, while a thread is about to look.
Task<int> items_read_before_the_end() {
  Outbound<int> bridge(1);
  std::atomic<bool> looking{false};
  int read = 0;
  std::thread reader([&] {
    int item = 0;
    looking.store(true);
    while (bridge.wait()) read += static_cast<int>(bridge.read({&item, 1}));
  });
  while (!looking.load()) std::this_thread::yield();
  const int item = 1;
  bridge.write({&item, 1});
  bridge.close();
  reader.join();
  co_return read;
}

TEST_CASE("bridge outward: what was written just before closing is read") {
  // Each is a race, of which a wrong order of looking loses only some.
  for (int i = 0; i < 2'000; ++i) REQUIRE(on_real_loop(items_read_before_the_end()) == 1);
}

TEST_CASE("bridge outward: a reader that closes it tells the loop that nobody reads") {
  EventLoop loop;
  Outbound<int> bridge(8);
  std::thread other([&] {
    CHECK(bridge.wait());
    bridge.close();
  });
  CHECK(run(loop, fill_until_closed(bridge)));
  other.join();
}

/// Counts how often the loop asks the system, and how often it is woken by a system call.
class CountingPoller final : public Poller {
 public:
  TimePoint now() override { return poller_->now(); }
  bool arm(int fd, Direction direction) override { return poller_->arm(fd, direction); }
  void disarm(int fd, Direction direction) noexcept override { poller_->disarm(fd, direction); }
  std::span<const FdEvent> wait(std::optional<TimePoint> deadline) override {
    ++waits;
    return poller_->wait(deadline);
  }
  void wake() noexcept override {
    ++wakes;
    poller_->wake();
  }

  int waits = 0;
  std::atomic<int> wakes{0};

 private:
  std::unique_ptr<Poller> poller_ = make_poller();
};

TEST_CASE("bridge inward: the thread makes at most one system call for each sleep of the loop") {
  const auto poller = std::make_shared<CountingPoller>();
  EventLoop loop(poller);
  Inbound<int> bridge(1 << 18);
  Gate gate;
  std::thread other([&] {
    for (int i = 0; i < kItems; ++i) bridge.push(i);
    bridge.close();
  });
  int next = 0;
  CHECK(run(loop, read_in_order(bridge, next, 1)));
  other.join();
  CHECK(next == kItems);
  CHECK(poller->wakes <= poller->waits);
}

TEST_CASE("bridge inward: a loop that never sleeps costs the thread no system call") {
  const auto poller = std::make_shared<CountingPoller>();
  EventLoop loop(poller);
  Inbound<int> bridge(1024);
  for (int i = 0; i < 1000; ++i) bridge.push(i);
  bridge.close();
  int next = 0;
  CHECK(run(loop, read_in_order(bridge, next, 1)));
  CHECK(poller->wakes == 0);
}

/// Something that a thread publishes just after the loop has looked, before the loop says that
/// it sleeps: the thread has no reason to wake it.
class PublishedAfterLook final : public ForeignWaiter {
 public:
  [[nodiscard]] bool ready() const noexcept override {
    const bool published = std::exchange(published_, true);
    if (!published) EventLoop::current().doorbell()->ring();
    return published;
  }
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> caller) noexcept {
    waiter().coroutine = caller;
    EventLoop::current().park(*this);
  }
  void await_resume() const noexcept {}

 private:
  mutable bool published_ = false;
};

Task<Duration> await_published() {
  const TimePoint start = EventLoop::current().now();
  PublishedAfterLook published;
  const auto wait = [](PublishedAfterLook& one) -> Task<void> { co_await one; };
  co_await with_timeout(1h, wait(published));
  co_return EventLoop::current().now() - start;
}

TEST_CASE("bridge inward: what is published while the loop falls asleep is not missed") {
  CHECK(simulate(await_published()) == 0s);
}

Task<bool> spin_beside_bridge(Inbound<int>& bridge) {
  while (bridge.size() < 2) co_await yield();
  co_return true;
}
Task<void> read_one(Inbound<int>& bridge, bool& got) {
  got = co_await bridge.data();
  bridge.push(2);  // lets the spinning one end
}
Task<void> spin_and_read(Inbound<int>& bridge, bool& got) {
  Scope scope;
  scope.spawn(read_one(bridge, got));
  bridge.push(1);
  co_await spin_beside_bridge(bridge);
  co_await scope.join();
}

TEST_CASE("bridge inward: coroutines that never rest do not starve it") {
  EventLoop loop(std::make_shared<SimulatedPoller>());
  Inbound<int> bridge(8);
  bool got = false;
  run(loop, spin_and_read(bridge, got));
  CHECK(got);
}

Task<void> await_end(Gate& gate, Log& log) {
  ForeignThread thread([&gate] { gate.pass(); });
  const int before = ForeignThread::left_behind();
  CHECK_FALSE(thread.ended());
  gate.open();
  co_await thread.end();
  CHECK(thread.ended());
  CHECK(ForeignThread::left_behind() == before);
  log.push_back("ended");
}

TEST_CASE("foreign thread: its end can be awaited, and it is joined") {
  Gate gate;
  Log log;
  on_real_loop(await_end(gate, log));
  CHECK(log == Log{"ended"});
}

Task<void> end_of(const ForeignThread& thread) {
  co_await thread.end();
}
Task<bool> give_up(std::shared_ptr<Gate> gate) {
  const ForeignThread thread([gate] { gate->pass(); });
  const bool ended = co_await with_timeout(1ms, end_of(thread));
  co_return ended;
}

TEST_CASE("foreign thread: one that hangs is left behind and counted until it ends") {
  const int before = ForeignThread::left_behind();
  auto gate = std::make_shared<Gate>();
  CHECK_FALSE(on_real_loop(give_up(gate)));
  CHECK(ForeignThread::left_behind() == before + 1);
  gate->open();  // its loop is gone: ringing the doorbell must do no harm
  while (ForeignThread::left_behind() > before) std::this_thread::yield();
  gate.reset();
}

Task<int> call_value(Workers& workers) {
  const auto loop_thread = std::this_thread::get_id();
  auto function = [loop_thread] { return std::this_thread::get_id() == loop_thread ? 0 : 7; };
  const int value = co_await workers.call(std::move(function));
  co_return value;
}
Task<std::unique_ptr<int>> call_box(Workers& workers) {
  auto function = [box = std::make_shared<int>(5)] { return std::make_unique<int>(*box); };
  auto value = co_await workers.call(std::move(function));
  co_return value;
}
Task<void> call_failing(Workers& workers) {
  auto function = [] { throw 42; };
  co_await workers.call(function);
}

TEST_CASE("workers: a call runs on another thread and gives its value or throws its error") {
  EventLoop loop;
  Workers workers;
  CHECK(run(loop, call_value(workers)) == 7);
  CHECK(*run(loop, call_box(workers)) == 5);
  CHECK_THROWS_AS(run(loop, call_failing(workers)), int);
}

Task<void> call_counting(Workers& workers, std::atomic<int>& count, int times) {
  for (int i = 0; i < times; ++i) {
    auto function = [&count] { ++count; };
    co_await workers.call(function);
  }
}
Task<void> call_from_many(Workers& workers, std::atomic<int>& count) {
  Scope scope;
  for (int i = 0; i < 10; ++i) scope.spawn(call_counting(workers, count, 50));
  co_await scope.join();
}

TEST_CASE("workers: more calls than threads all get their turn") {
  EventLoop loop;
  Workers workers(3);
  std::atomic<int> count{0};
  run(loop, call_from_many(workers, count));
  CHECK(count == 500);
}

Task<void> call_gate(Workers& workers, std::shared_ptr<Gate> started, std::shared_ptr<Gate> gate) {
  auto function = [started, gate] {
    started->open();
    gate->pass();
  };
  co_await workers.call(std::move(function));
}
Task<void> cancel_running_call(Workers& workers, std::shared_ptr<Gate> gate) {
  const auto started = std::make_shared<Gate>();
  {
    Scope scope;
    scope.spawn(call_gate(workers, started, gate));
    co_await yield();
    started->pass();
  }
  gate->open();
  const int value = co_await call_value(workers);
  CHECK(value == 7);
}

TEST_CASE("workers: a call can be cancelled while it runs, and its worker goes on") {
  EventLoop loop;
  Workers workers(1);
  const auto gate = std::make_shared<Gate>();
  run(loop, cancel_running_call(workers, gate));
  CHECK(gate.use_count() <= 2);  // ours, and the worker's until it has destroyed the job
}

TEST_CASE("workers: a call that hangs is left behind with its worker") {
  const int before = ForeignThread::left_behind();
  const auto gate = std::make_shared<Gate>();
  const auto started = std::make_shared<Gate>();
  {
    EventLoop loop;
    Workers workers(1);
    auto hanging = call_gate(workers, started, gate);
    const bool ended = run(loop, [](Task<void> task) -> Task<bool> {
      const bool in_time = co_await with_timeout(1ms, std::move(task));
      co_return in_time;
    }(std::move(hanging)));
    CHECK_FALSE(ended);
    started->pass();
  }
  CHECK(ForeignThread::left_behind() == before + 1);
  gate->open();
  while (ForeignThread::left_behind() > before) std::this_thread::yield();
}

}  // namespace

}  // namespace fmrx::rt
