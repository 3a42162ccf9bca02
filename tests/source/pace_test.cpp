// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/pace.hpp"

#include <memory>
#include <vector>

#include "rt/run.hpp"
#include "rt/sleep.hpp"
#include "support/catch2.hpp"
#include "support/poller_simulated.hpp"

using namespace fmrx;
using namespace std::chrono_literals;
using source::Pace;

namespace {

constexpr SampleRate kRate{256'000};
constexpr std::uint64_t kBlock = 12'800;  // 50 ms

rt::Task<rt::Duration> play(Pace& pace, int blocks) {
  const rt::TimePoint beginning = rt::EventLoop::current().now();
  for (int i = 0; i < blocks; ++i) {
    const rt::TimePoint due = pace.due(kBlock);
    co_await rt::sleep_until(due);
  }
  co_return rt::EventLoop::current().now() - beginning;
}

rt::Task<rt::Duration> pause_and_play(Pace& pace, rt::Duration pause, int blocks) {
  co_await rt::sleep_for(pause);
  co_return co_await play(pace, blocks);
}

}  // namespace

TEST_CASE("a day of samples takes a day") {
  rt::EventLoop loop(std::make_unique<rt::SimulatedPoller>());
  Pace pace(kRate);
  CHECK(rt::run(loop, play(pace, 24 * 3600 * 20)) == 24h);
}

TEST_CASE("a rate that divides no second does not drift") {
  rt::EventLoop loop(std::make_unique<rt::SimulatedPoller>());
  Pace pace(SampleRate(234'567));
  const rt::Duration taken = rt::run(loop, play(pace, 100'000));
  const double seconds = 100'000.0 * kBlock / 234'567;
  // A nanosecond of rounding at the end, however many blocks there were.
  CHECK(std::abs(std::chrono::duration<double, std::nano>(taken).count() - seconds * 1e9) <= 2);
}

TEST_CASE("a short hiccup is made good") {
  rt::EventLoop loop(std::make_unique<rt::SimulatedPoller>());
  Pace pace(kRate);
  CHECK(rt::run(loop, play(pace, 20)) == 1s);
  CHECK(rt::run(loop, pause_and_play(pace, 200ms, 20)) == 800ms);
}

TEST_CASE("after a long pause there is no burst") {
  rt::EventLoop loop(std::make_unique<rt::SimulatedPoller>());
  Pace pace(kRate);
  CHECK(rt::run(loop, play(pace, 20)) == 1s);
  CHECK(rt::run(loop, pause_and_play(pace, 10s, 20)) == 1s);
}
