// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "bench/runtime_bench.hpp"
#include "rt/bridge.hpp"
#include "rt/channel.hpp"
#include "rt/run.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "rt/task.hpp"

namespace fmrx::bench {

SystemCalls system_calls;

namespace {

using namespace std::chrono_literals;

double run(rt::Task<double> task) {
  rt::EventLoop loop;
  return rt::run(loop, std::move(task));
}

rt::Task<void> send(rt::Channel<int>& channel, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await channel.push(static_cast<int>(i));
  channel.close();
}

rt::Task<void> receive(rt::Channel<int>& channel) {
  for (;;) {
    const auto item = co_await channel.pop();
    if (!item) co_return;
    keep(*item);
  }
}

rt::Task<double> exchange_items(std::size_t count) {
  rt::Channel<int> channel(kRing);
  rt::Scope scope;
  scope.spawn(send(channel, count));
  scope.spawn(receive(channel));
  const Stopwatch watch;
  co_await scope.join();
  co_return watch.ns_each(count);
}

double channel_item(std::size_t count) {
  return run(exchange_items(count));
}

rt::Task<void> ping(rt::Channel<int>& out, rt::Channel<int>& in, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    co_await out.push(1);
    const auto item = co_await in.pop();
    keep(*item);
  }
}

rt::Task<void> pong(rt::Channel<int>& in, rt::Channel<int>& out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto item = co_await in.pop();
    co_await out.push(*item);
  }
}

rt::Task<double> ping_pong(std::size_t count) {
  rt::Channel<int> there(1);
  rt::Channel<int> back(1);
  rt::Scope scope;
  scope.spawn(ping(there, back, count / 2));
  scope.spawn(pong(there, back, count / 2));
  const Stopwatch watch;
  co_await scope.join();
  co_return watch.ns_each(count);
}

double hop(std::size_t count) {
  return run(ping_pong(count));
}

rt::Task<void> yield_often(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await rt::yield();
}

rt::Task<double> yield_both(std::size_t count) {
  rt::Scope scope;
  scope.spawn(yield_often(count / 2));
  scope.spawn(yield_often(count / 2));
  const Stopwatch watch;
  co_await scope.join();
  co_return watch.ns_each(count);
}

double yield(std::size_t count) {
  return run(yield_both(count));
}

rt::Task<int> value_of(int value) {
  co_return value;
}

rt::Task<double> await_often(std::size_t count) {
  const Stopwatch watch;
  for (std::size_t i = 0; i < count; ++i) {
    const int value = co_await value_of(static_cast<int>(i));
    keep(value);
  }
  co_return watch.ns_each(count);
}

double task(std::size_t count) {
  return run(await_often(count));
}

rt::Task<void> add_one(std::size_t& sum) {
  ++sum;
  co_return;
}

rt::Task<double> spawn_often(std::size_t count) {
  std::size_t sum = 0;
  rt::Scope scope;
  const Stopwatch watch;
  for (std::size_t i = 0; i < count; ++i) {
    scope.spawn(add_one(sum));
    co_await rt::yield();
  }
  co_await scope.join();
  keep(sum);
  co_return watch.ns_each(count);
}

double spawn(std::size_t count) {
  return run(spawn_often(count));
}

rt::Task<void> sleep_long(rt::Duration duration) {
  co_await rt::sleep_for(duration);
}

/// A spread of durations, so that timers land all over the heap.
rt::Duration spread(std::size_t i) {
  return 1h + std::chrono::milliseconds(i * 7919 % 10'007);
}

rt::Task<double> set_timers(std::size_t count) {
  rt::Scope scope;
  for (std::size_t i = 0; i < kPendingTimers; ++i) scope.spawn(sleep_long(spread(i)));
  co_await rt::yield();
  rt::EventLoop& loop = rt::EventLoop::current();
  rt::Waiter nobody;
  const Stopwatch watch;
  for (std::size_t i = 0; i < count; ++i) {
    rt::Timer timer(loop.now() + spread(i), nobody);
    loop.add(timer);
    keep(timer);
  }
  const double ns = watch.ns_each(count);
  scope.stop();
  co_await scope.join();
  co_return ns;
}

double timer(std::size_t count) {
  return run(set_timers(count));
}

rt::Task<double> cancel_all(rt::Scope& scope, std::size_t count) {
  co_await rt::yield();
  const Stopwatch watch;
  scope.stop();
  co_await scope.join();
  co_return watch.ns_each(count);
}

rt::Task<double> cancel_sleepers(std::size_t count) {
  rt::Scope scope;
  for (std::size_t i = 0; i < count; ++i) scope.spawn(sleep_long(spread(i)));
  const double ns = co_await cancel_all(scope, count);
  co_return ns;
}

double cancel_sleeping(std::size_t count) {
  return run(cancel_sleepers(count));
}

rt::Task<double> cancel_receivers(std::size_t count) {
  std::vector<std::unique_ptr<rt::Channel<int>>> channels;
  for (std::size_t i = 0; i < count; ++i) channels.push_back(std::make_unique<rt::Channel<int>>(1));
  rt::Scope scope;
  for (const auto& channel : channels) scope.spawn(receive(*channel));
  const double ns = co_await cancel_all(scope, count);
  co_return ns;
}

double cancel_receiving(std::size_t count) {
  return run(cancel_receivers(count));
}

/// Counts how often the loop asks the system and sleeps, and how often a system call wakes it.
class CountingPoller final : public rt::Poller {
 public:
  explicit CountingPoller(std::unique_ptr<rt::Poller> poller) : poller_(std::move(poller)) {}

  rt::TimePoint now() override { return poller_->now(); }
  bool arm(int fd, rt::Direction direction) override { return poller_->arm(fd, direction); }
  void disarm(int fd, rt::Direction direction) noexcept override { poller_->disarm(fd, direction); }
  std::span<const rt::FdEvent> wait(std::optional<rt::TimePoint> deadline) override {
    ++(deadline == rt::TimePoint::min() ? looks_ : sleeps_);
    return poller_->wait(deadline);
  }
  void wake() noexcept override {
    wake_writes_.fetch_add(1, std::memory_order_relaxed);
    poller_->wake();
  }
  [[nodiscard]] SystemCalls count() const { return {looks_, sleeps_, wake_writes_.load()}; }

 private:
  std::unique_ptr<rt::Poller> poller_;
  std::size_t looks_ = 0;
  std::size_t sleeps_ = 0;
  std::atomic<std::size_t> wake_writes_{0};
};

rt::Task<double> drain(rt::Inbound<int>& bridge, std::size_t count) {
  std::vector<int> items(kForeignRing);
  const Stopwatch watch;
  for (std::size_t got = 0; got < count;) {
    const bool more = co_await bridge.data();
    if (!more) break;
    got += bridge.read(items);
  }
  co_return watch.ns_each(count);
}

double foreign_item(std::size_t count) {
  const auto poller = std::make_shared<CountingPoller>(rt::make_poller());
  rt::EventLoop loop(poller);
  rt::Inbound<int> bridge(kForeignRing);
  std::thread other([&] {
    for (std::size_t i = 0; i < count;) {
      if (bridge.push(static_cast<int>(i))) {
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  const double ns = rt::run(loop, drain(bridge, count));
  other.join();
  system_calls = poller->count();
  return ns;
}

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / 1ns;
}

rt::Task<double> answer(rt::Inbound<std::int64_t>& bridge, std::atomic<bool>& answered, std::size_t count) {
  std::vector<double> latencies_ns;
  for (std::size_t i = 0; i < count; ++i) {
    co_await bridge.data();
    const std::int64_t woken_ns = now_ns();
    std::int64_t rung_ns = 0;
    bridge.read({&rung_ns, 1});
    latencies_ns.push_back(static_cast<double>(woken_ns - rung_ns));
    answered.store(true);
  }
  const auto middle = latencies_ns.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(latencies_ns.begin(), middle, latencies_ns.end());
  co_return *middle;
}

double idle_wake(std::size_t count) {
  rt::EventLoop loop;
  rt::Inbound<std::int64_t> bridge(1);
  std::atomic<bool> answered{true};
  std::thread other([&] {
    for (std::size_t i = 0; i < count; ++i) {
      while (!answered.load()) std::this_thread::yield();
      std::this_thread::sleep_for(kIdle);
      answered.store(false);
      bridge.push(now_ns());
    }
  });
  const double ns = rt::run(loop, answer(bridge, answered, count));
  other.join();
  return ns;
}

}  // namespace

const Contender ours{
    .channel_item = channel_item,
    .hop = hop,
    .yield = yield,
    .task = task,
    .spawn = spawn,
    .timer = timer,
    .cancel_sleeping = cancel_sleeping,
    .cancel_receiving = cancel_receiving,
    .foreign_item = foreign_item,
    .idle_wake_poll = idle_wake,
    .idle_wake_epoll = idle_wake,
};

}  // namespace fmrx::bench
