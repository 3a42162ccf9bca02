// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The same work with Asio's coroutines, as its documentation writes it.
#include <algorithm>
#include <asio.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/experimental/channel.hpp>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "bench/runtime_bench.hpp"

namespace fmrx::bench {

namespace {

using namespace std::chrono_literals;
using ::asio::awaitable;
using ::asio::co_spawn;
using ::asio::detached;
using ::asio::io_context;
using ::asio::steady_timer;
using ::asio::use_awaitable;
using Channel = ::asio::experimental::channel<void(::asio::error_code, int)>;

awaitable<void> send(Channel& channel, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    co_await channel.async_send(::asio::error_code(), static_cast<int>(i), use_awaitable);
  }
}

awaitable<void> receive(Channel& channel, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const int item = co_await channel.async_receive(use_awaitable);
    keep(item);
  }
}

double channel_item(std::size_t count) {
  io_context loop(1);
  Channel channel(loop, kRing);
  co_spawn(loop, send(channel, count), detached);
  co_spawn(loop, receive(channel, count), detached);
  const Stopwatch watch;
  loop.run();
  return watch.ns_each(count);
}

awaitable<void> ping(Channel& out, Channel& in, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    co_await out.async_send(::asio::error_code(), 1, use_awaitable);
    const int item = co_await in.async_receive(use_awaitable);
    keep(item);
  }
}

awaitable<void> pong(Channel& in, Channel& out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const int item = co_await in.async_receive(use_awaitable);
    co_await out.async_send(::asio::error_code(), item, use_awaitable);
  }
}

double hop(std::size_t count) {
  io_context loop(1);
  Channel there(loop, 1);
  Channel back(loop, 1);
  co_spawn(loop, ping(there, back, count / 2), detached);
  co_spawn(loop, pong(there, back, count / 2), detached);
  const Stopwatch watch;
  loop.run();
  return watch.ns_each(count);
}

awaitable<void> yield_often(io_context& loop, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await ::asio::post(loop, use_awaitable);
}

double yield(std::size_t count) {
  io_context loop(1);
  co_spawn(loop, yield_often(loop, count / 2), detached);
  co_spawn(loop, yield_often(loop, count / 2), detached);
  const Stopwatch watch;
  loop.run();
  return watch.ns_each(count);
}

awaitable<int> value_of(int value) {
  co_return value;
}

awaitable<void> await_often(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const int value = co_await value_of(static_cast<int>(i));
    keep(value);
  }
}

double task(std::size_t count) {
  io_context loop(1);
  co_spawn(loop, await_often(count), detached);
  const Stopwatch watch;
  loop.run();
  return watch.ns_each(count);
}

awaitable<void> add_one(std::size_t& sum) {
  ++sum;
  co_return;
}

awaitable<void> spawn_often(io_context& loop, std::size_t& sum, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    co_spawn(loop, add_one(sum), detached);
    co_await ::asio::post(loop, use_awaitable);
  }
}

double spawn(std::size_t count) {
  io_context loop(1);
  std::size_t sum = 0;
  co_spawn(loop, spawn_often(loop, sum, count), detached);
  const Stopwatch watch;
  loop.run();
  keep(sum);
  return watch.ns_each(count);
}

std::chrono::milliseconds spread(std::size_t i) {
  return 1h + std::chrono::milliseconds(i * 7919 % 10'007);
}

double timer(std::size_t count) {
  io_context loop(1);
  std::vector<std::unique_ptr<steady_timer>> pending;
  for (std::size_t i = 0; i < kPendingTimers; ++i) {
    pending.push_back(std::make_unique<steady_timer>(loop, spread(i)));
    pending.back()->async_wait([](::asio::error_code) {});
  }
  const Stopwatch watch;
  for (std::size_t i = 0; i < count; ++i) {
    {
      steady_timer one(loop, spread(i));
      one.async_wait([](::asio::error_code) {});
    }
    loop.poll();
  }
  return watch.ns_each(count);
}

awaitable<void> sleep_until_cancelled(steady_timer& timer) {
  const auto [error] = co_await timer.async_wait(::asio::experimental::as_tuple(use_awaitable));
  keep(error);
}

double cancel_sleeping(std::size_t count) {
  io_context loop(1);
  std::vector<std::unique_ptr<steady_timer>> timers;
  for (std::size_t i = 0; i < count; ++i) {
    timers.push_back(std::make_unique<steady_timer>(loop, spread(i)));
    co_spawn(loop, sleep_until_cancelled(*timers.back()), detached);
  }
  loop.poll();
  const Stopwatch watch;
  for (const auto& timer : timers) timer->cancel();
  loop.run();
  return watch.ns_each(count);
}

awaitable<void> receive_until_cancelled(Channel& channel) {
  const auto [error, item] = co_await channel.async_receive(::asio::experimental::as_tuple(use_awaitable));
  keep(error);
}

double cancel_receiving(std::size_t count) {
  io_context loop(1);
  std::vector<std::unique_ptr<Channel>> channels;
  for (std::size_t i = 0; i < count; ++i) {
    channels.push_back(std::make_unique<Channel>(loop, 1));
    co_spawn(loop, receive_until_cancelled(*channels.back()), detached);
  }
  loop.poll();
  const Stopwatch watch;
  for (const auto& channel : channels) channel->cancel();
  loop.run();
  return watch.ns_each(count);
}

double foreign_item(std::size_t count) {
  io_context loop(2);
  auto work = ::asio::make_work_guard(loop);
  std::size_t got = 0;
  const Stopwatch watch;
  std::thread other([&] {
    for (std::size_t i = 0; i < count; ++i) {
      ::asio::post(loop, [&] {
        if (++got == count) work.reset();
      });
    }
  });
  loop.run();
  other.join();
  return watch.ns_each(count);
}

double idle_wake(std::size_t count) {
  io_context loop(2);
  auto work = ::asio::make_work_guard(loop);
  std::atomic<bool> answered{true};
  std::vector<double> latencies_ns;
  std::thread other([&] {
    for (std::size_t i = 0; i < count; ++i) {
      while (!answered.load()) std::this_thread::yield();
      std::this_thread::sleep_for(kIdle);
      answered.store(false);
      const Stopwatch watch;
      ::asio::post(loop, [&, watch] {
        latencies_ns.push_back(watch.ns_each(1));
        if (latencies_ns.size() == count) work.reset();
        answered.store(true);
      });
    }
  });
  loop.run();
  other.join();
  const auto middle = latencies_ns.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(latencies_ns.begin(), middle, latencies_ns.end());
  return *middle;
}

}  // namespace

const Contender asio{
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
