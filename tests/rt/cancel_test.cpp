// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Cancelling must work for every awaiter at every moment: before the coroutine began, while it is
// suspended, when it was woken but has not had its turn, and after its end.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "base/unique_fd.hpp"
#include "rt/async_generator.hpp"
#include "rt/bridge.hpp"
#include "rt/channel.hpp"
#include "rt/descriptor.hpp"
#include "rt/gather.hpp"
#include "rt/scope.hpp"
#include "rt/signals.hpp"
#include "rt/sleep.hpp"
#include "rt/witness.hpp"
#include "support/catch2.hpp"

namespace fmrx::rt {

namespace {

using namespace std::chrono_literals;

struct Pipe {
  Pipe() {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
  }
  UniqueFd read_end;
  UniqueFd write_end;
};

/// Everything that can be waited for, and how each is woken.
struct World {
  Channel<int> to_read{1};
  Channel<int> to_write{1};
  Pipe to_poll;
  Pipe to_fill;
  Inbound<int> inward{4};
  Outbound<int> outward{1};
  Signals signals{SIGUSR1};

  World() {
    int item = 0;
    REQUIRE(to_write.try_push(item));
    outward.write({&item, 1});
    std::array<char, 4096> bytes{};
    while (::write(to_fill.write_end.get(), bytes.data(), bytes.size()) > 0) {
    }
  }
};

Task<int> never_a_number() {
  co_await sleep_for(24h);
  co_return 0;
}
Task<void> sleep_an_hour() {
  co_await sleep_for(1h);
}
AsyncGenerator<int> hourly() {
  int hours = 0;
  for (;;) {
    co_await sleep_for(1h);
    ++hours;
    co_yield hours;
  }
}

struct Awaiter {
  const char* name;
  Task<void> (*wait)(World&);
  void (*wake)(World&);
};

Task<void> wait_sleep(World&) {
  co_await sleep_for(1h);
}
Task<void> wait_yield(World&) {
  for (int i = 0; i < 5; ++i) co_await yield();
}
Task<void> wait_pop(World& world) {
  co_await world.to_read.pop();
}
Task<void> wait_push(World& world) {
  co_await world.to_write.push(1);
}
Task<void> wait_readable(World& world) {
  co_await readable(world.to_poll.read_end.get());
}
Task<void> wait_writable(World& world) {
  co_await writable(world.to_fill.write_end.get());
}
Task<void> wait_inward(World& world) {
  co_await world.inward.data();
}
Task<void> wait_outward(World& world) {
  co_await world.outward.room();
}
Task<void> wait_signal(World& world) {
  co_await world.signals.next();
}
Task<void> wait_join(World&) {
  Scope scope;
  scope.spawn(sleep_an_hour());
  co_await scope.join();
}
Task<void> wait_gather(World&) {
  co_await gather(sleep_an_hour(), sleep_an_hour());
}
Task<void> wait_timeout(World&) {
  co_await with_timeout(1h, never_a_number());
}
Task<void> wait_task_of_timeout(World&) {
  co_await with_timeout(24h, sleep_an_hour());
}
Task<void> wait_generator(World&) {
  auto hours = hourly();
  co_await hours.next();
}

void wake_nothing(World&) {}
void wake_pop(World& world) {
  int item = 1;
  [[maybe_unused]] const bool fits = world.to_read.try_push(item);
}
void wake_push(World& world) {
  [[maybe_unused]] const auto item = world.to_write.try_pop();
}
void wake_readable(World& world) {
  [[maybe_unused]] const auto written = ::write(world.to_poll.write_end.get(), "x", 1);
}
void wake_writable(World& world) {
  std::array<char, 65536> bytes;
  while (::read(world.to_fill.read_end.get(), bytes.data(), bytes.size()) > 0) {
  }
}
void wake_inward(World& world) {
  world.inward.push(1);
}
void wake_outward(World& world) {
  int item = 0;
  world.outward.read({&item, 1});
}
void wake_signal(World&) {
  ::raise(SIGUSR1);
}

constexpr std::array kAwaiters{
    Awaiter{"sleep", wait_sleep, wake_nothing},
    Awaiter{"yield", wait_yield, wake_nothing},
    Awaiter{"pop", wait_pop, wake_pop},
    Awaiter{"push", wait_push, wake_push},
    Awaiter{"readable", wait_readable, wake_readable},
    Awaiter{"writable", wait_writable, wake_writable},
    Awaiter{"bridge inward", wait_inward, wake_inward},
    Awaiter{"bridge outward", wait_outward, wake_outward},
    Awaiter{"signal", wait_signal, wake_signal},
    Awaiter{"join", wait_join, wake_nothing},
    Awaiter{"gather", wait_gather, wake_nothing},
    Awaiter{"timeout", wait_timeout, wake_nothing},
    Awaiter{"task with timeout", wait_task_of_timeout, wake_nothing},
    Awaiter{"generator", wait_generator, wake_nothing},
};

Task<void> wait_under_witness(Log& log, World& world, const Awaiter& awaiter, Witness) {
  const Witness local(log, "local");
  co_await awaiter.wait(world);
}

enum class Moment { before_start, suspended, woken, at_the_same_time };

Task<void> stop_later(Scope& scope, Duration after) {
  co_await sleep_for(after);
  scope.stop();
}

Task<void> cancel(Log& log, const Awaiter& awaiter, Moment moment) {
  World world;
  Scope scope;
  Scope stopper;
  scope.spawn(wait_under_witness(log, world, awaiter, Witness(log, "parameter")));
  switch (moment) {
    case Moment::before_start:
      break;
    case Moment::suspended:
      co_await sleep_for(1min);
      break;
    case Moment::woken:
      co_await sleep_for(1min);
      awaiter.wake(world);
      break;
    case Moment::at_the_same_time:
      stopper.spawn(stop_later(scope, 1h));  // when timers of an hour fire as well
      co_await sleep_for(59min);
      awaiter.wake(world);
      co_await stopper.join();
      break;
  }
  scope.stop();
  co_await scope.join();
  // Whatever is still armed or in a list would be touched from here on.
  co_await sleep_for(48h);
  co_await yield();
}

TEST_CASE("cancelling: every awaiter, at every moment, in any order, destroys each object once") {
  for (const Awaiter& awaiter : kAwaiters) {
    for (const Moment moment :
         {Moment::before_start, Moment::suspended, Moment::woken, Moment::at_the_same_time}) {
      for (std::uint64_t seed = 0; seed < 8; ++seed) {
        INFO(awaiter.name << ", moment " << static_cast<int>(moment) << ", seed " << seed);
        Log log;
        simulate(cancel(log, awaiter, moment), seed);
        const Log expected = moment == Moment::before_start ? Log{"parameter"} : Log{"local", "parameter"};
        CHECK(log == expected);
      }
    }
  }
}

/// Waits for one thing after another, as the seed has it.
Task<void> wander(World& world, std::mt19937_64& random, int& steps) {
  for (;;) {
    const Awaiter& awaiter = kAwaiters[random() % kAwaiters.size()];
    awaiter.wake(world);
    const bool ended = co_await with_timeout(std::chrono::seconds(random() % 7200), awaiter.wait(world));
    steps += ended ? 1 : 2;
  }
}

Task<void> stop_wanderer(std::uint64_t seed, int& steps) {
  std::mt19937_64 random(seed);
  World world;
  for (int round = 0; round < 20; ++round) {
    Scope scope;
    scope.spawn(wander(world, random, steps));
    co_await sleep_for(std::chrono::seconds(random() % 36'000));
    if (random() % 2 == 0) {
      scope.stop();
      co_await scope.join();
    }
  }
}

TEST_CASE("cancelling: a coroutine stopped at random moments leaves nothing behind, and a seed replays") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    int first = 0;
    int again = 0;
    simulate(stop_wanderer(seed, first), seed);
    simulate(stop_wanderer(seed, again), seed);
    CHECK(first == again);
    CHECK(first > 0);
  }
}

}  // namespace

}  // namespace fmrx::rt
