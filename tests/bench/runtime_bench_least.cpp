// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The least that could do the work, as a floor for the figures: a ring of ready coroutines,
// frames from one free list, no errors, no close, no cancelling.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "bench/runtime_bench.hpp"
#include "rt/spsc_ring.hpp"

namespace fmrx::bench {

namespace {

class ReadyRing {
 public:
  void post(std::coroutine_handle<> coroutine) { ring_[last_++ % ring_.size()] = coroutine; }
  void run() {
    while (first_ != last_) ring_[first_++ % ring_.size()].resume();
  }

 private:
  std::array<std::coroutine_handle<>, 256> ring_{};
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

ReadyRing ready;

/// All frames of one benchmark are alike.
struct OneFrame {
  static inline void* spare = nullptr;
  static inline std::size_t spare_bytes = 0;

  static void* operator new(std::size_t bytes) {
    if (spare != nullptr && spare_bytes == bytes) return std::exchange(spare, nullptr);
    return ::operator new(bytes);
  }
  static void operator delete(void* frame, std::size_t bytes) {
    void* const former = std::exchange(spare, frame);
    spare_bytes = bytes;
    if (former != nullptr) [[unlikely]]
      ::operator delete(former);
  }
};

/// Starts at once and is gone at its end.
struct Detached {
  struct promise_type : OneFrame {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

struct Value {
  struct promise_type : OneFrame {
    int value = 0;
    Value get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(int result) { value = result; }
    void unhandled_exception() { std::terminate(); }
  };

  std::coroutine_handle<promise_type> coroutine;

  [[nodiscard]] bool await_ready() const { return false; }
  [[nodiscard]] bool await_suspend(std::coroutine_handle<>) const {
    coroutine.resume();
    return false;
  }
  [[nodiscard]] int await_resume() const {
    const int value = coroutine.promise().value;
    coroutine.destroy();
    return value;
  }
};

struct Suspend {
  std::coroutine_handle<>& waiting;
  [[nodiscard]] bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> self) const { waiting = self; }
  void await_resume() const {}
};

struct Yield {
  [[nodiscard]] bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> self) const { ready.post(self); }
  void await_resume() const {}
};

template <std::size_t kCapacity>
struct Channel {
  std::array<int, kCapacity> items{};
  std::size_t written = 0;
  std::size_t read = 0;
  std::coroutine_handle<> writer;
  std::coroutine_handle<> reader;

  static void wake(std::coroutine_handle<>& waiting) {
    if (waiting) ready.post(std::exchange(waiting, nullptr));
  }

  struct Push {
    Channel& channel;
    int item;
    [[nodiscard]] bool await_ready() const { return channel.written - channel.read < kCapacity; }
    void await_suspend(std::coroutine_handle<> self) const { channel.writer = self; }
    void await_resume() const {
      channel.items[channel.written++ % kCapacity] = item;
      wake(channel.reader);
    }
  };
  struct Pop {
    Channel& channel;
    [[nodiscard]] bool await_ready() const { return channel.written != channel.read; }
    void await_suspend(std::coroutine_handle<> self) const { channel.reader = self; }
    [[nodiscard]] int await_resume() const {
      const int item = channel.items[channel.read++ % kCapacity];
      wake(channel.writer);
      return item;
    }
  };
  Push push(int item) { return {*this, item}; }
  Pop pop() { return {*this}; }
};

template <std::size_t kCapacity>
Detached send(Channel<kCapacity>& channel, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await channel.push(static_cast<int>(i));
}

template <std::size_t kCapacity>
Detached receive(Channel<kCapacity>& channel, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const int item = co_await channel.pop();
    keep(item);
  }
}

double channel_item(std::size_t count) {
  Channel<kRing> channel;
  const Stopwatch watch;
  receive(channel, count);
  send(channel, count);
  ready.run();
  return watch.ns_each(count);
}

Detached ping(Channel<1>& out, Channel<1>& in, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    co_await out.push(1);
    const int item = co_await in.pop();
    keep(item);
  }
}

Detached pong(Channel<1>& in, Channel<1>& out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const int item = co_await in.pop();
    co_await out.push(item);
  }
}

double hop(std::size_t count) {
  Channel<1> there;
  Channel<1> back;
  const Stopwatch watch;
  pong(there, back, count / 2);
  ping(there, back, count / 2);
  ready.run();
  return watch.ns_each(count);
}

Detached yield_often(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await Yield{};
}

double yield(std::size_t count) {
  const Stopwatch watch;
  yield_often(count / 2);
  yield_often(count / 2);
  ready.run();
  return watch.ns_each(count);
}

Value value_of(int value) {
  co_return value;
}

Detached await_often(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const int value = co_await value_of(static_cast<int>(i));
    keep(value);
  }
}

double task(std::size_t count) {
  const Stopwatch watch;
  await_often(count);
  return watch.ns_each(count);
}

Detached add_one(std::size_t& sum) {
  co_await Yield{};
  ++sum;
}

double spawn(std::size_t count) {
  std::size_t sum = 0;
  const Stopwatch watch;
  for (std::size_t i = 0; i < count; ++i) {
    add_one(sum);
    ready.run();
  }
  keep(sum);
  return watch.ns_each(count);
}

Detached wait_in(std::coroutine_handle<>& waiting) {
  co_await Suspend{waiting};
}

double cancel(std::size_t count) {
  std::vector<std::coroutine_handle<>> waiting(count);
  for (auto& one : waiting) wait_in(one);
  const Stopwatch watch;
  for (auto& one : waiting) one.destroy();
  return watch.ns_each(count);
}

double foreign_item(std::size_t count) {
  rt::SpscRing<int> ring(kForeignRing);
  const Stopwatch watch;
  std::thread other([&] {
    for (std::size_t i = 0; i < count;) {
      const int item = static_cast<int>(i);
      if (ring.write({&item, 1}) == 1) {
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  std::vector<int> items(kForeignRing);
  for (std::size_t got = 0; got < count;) {
    const std::size_t more = ring.read(items);
    if (more == 0) std::this_thread::yield();
    got += more;
  }
  other.join();
  return watch.ns_each(count);
}

/// From eventfd_write() in one thread to the return of wait() in another. The median of `count`.
template <class Wait>
double wake_by_eventfd(std::size_t count, int fd, Wait wait) {
  std::atomic<std::int64_t> rung_ns{0};
  std::atomic<bool> answered{true};
  std::vector<double> latencies_ns;
  const auto now_ns = [] {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  };
  std::thread other([&] {
    for (std::size_t i = 0; i < count; ++i) {
      while (!answered.load()) std::this_thread::yield();
      std::this_thread::sleep_for(kIdle);
      answered.store(false);
      rung_ns.store(now_ns());
      ::eventfd_write(fd, 1);
    }
  });
  for (std::size_t i = 0; i < count; ++i) {
    wait();
    latencies_ns.push_back(static_cast<double>(now_ns() - rung_ns.load()));
    eventfd_t rung = 0;
    ::eventfd_read(fd, &rung);
    answered.store(true);
  }
  other.join();
  std::nth_element(latencies_ns.begin(), latencies_ns.begin() + static_cast<std::ptrdiff_t>(count / 2),
                   latencies_ns.end());
  return latencies_ns[count / 2];
}

/// A thread that waits for nothing else.
double idle_wake_poll(std::size_t count) {
  const UniqueFd event(::eventfd(0, EFD_NONBLOCK));
  return wake_by_eventfd(count, event.get(), [&] {
    pollfd look{event.get(), POLLIN, 0};
    ::poll(&look, 1, -1);
  });
}

/// A loop by hand, which could wait for other descriptors as well.
double idle_wake_epoll(std::size_t count) {
  const UniqueFd event(::eventfd(0, EFD_NONBLOCK));
  const UniqueFd epoll(::epoll_create1(0));
  epoll_event interest{};
  interest.events = EPOLLIN;
  ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, event.get(), &interest);
  return wake_by_eventfd(count, event.get(), [&] {
    epoll_event happened;
    ::epoll_wait(epoll.get(), &happened, 1, -1);
  });
}

}  // namespace

const Contender least{
    .channel_item = channel_item,
    .hop = hop,
    .yield = yield,
    .task = task,
    .spawn = spawn,
    .timer = nullptr,
    .cancel_sleeping = cancel,
    .cancel_receiving = cancel,
    .foreign_item = foreign_item,
    .idle_wake_poll = idle_wake_poll,
    .idle_wake_epoll = idle_wake_epoll,
};

}  // namespace fmrx::bench
