// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/simulator.hpp"

#include <algorithm>
#include <complex>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "rt/run.hpp"
#include "rt/sleep.hpp"
#include "sim/band_simulator.hpp"
#include "source/reading.hpp"
#include "support/catch2.hpp"
#include "support/poller_simulated.hpp"

using namespace fmrx;
using namespace fmrx::source;
using namespace std::chrono_literals;
using fmrx::test::Bytes;

namespace {

rt::Task<Bytes> read_blocks(Source& source, int blocks) {
  Bytes all;
  rt::AsyncGenerator<IqBlock> stream = source.stream();
  for (int i = 0; i < blocks; ++i) {
    IqBlock* const block = co_await stream.next();
    const IqView view = block->view();
    all.insert(all.end(), view.bytes.begin(), view.bytes.end());
  }
  co_return all;
}

rt::Task<rt::Duration> time_to_read(Source& source, int blocks) {
  const rt::TimePoint beginning = rt::EventLoop::current().now();
  co_await read_blocks(source, blocks);
  co_return rt::EventLoop::current().now() - beginning;
}

SimulatorConfig config() {
  SimulatorConfig config;
  config.station = Hertz(92.7e6);
  config.rate = SampleRate(240'000);
  return config;
}

}  // namespace

TEST_CASE("the simulator as a source sends what the simulator makes") {
  rt::EventLoop loop(std::make_unique<rt::SimulatedPoller>());
  const auto source = open_simulator(config());
  CHECK(source->info().format == IqFormat::cf32);
  CHECK(source->info().rate == SampleRate(240'000));
  CHECK(source->info().centre == Hertz(92.7e6));
  CHECK_FALSE(source->info().live);
  CHECK_FALSE(source->info().samples);

  const Bytes bytes = rt::run(loop, read_blocks(*source, 3));
  sim::BandSimulator band(SampleRate(240'000), Hertz(92.7e6));
  std::vector<std::complex<float>> expected(bytes.size() / sizeof(std::complex<float>));
  band.generate(expected);
  CHECK(expected.size() == 3 * 12'000);  // 50 ms each
  CHECK(std::ranges::equal(bytes, std::as_bytes(std::span(expected))));
}

TEST_CASE("a simulator in real time takes as long as a dongle") {
  rt::EventLoop loop(std::make_unique<rt::SimulatedPoller>());
  SimulatorConfig paced = config();
  paced.realtime = true;
  CHECK(rt::run(loop, time_to_read(*open_simulator(paced), 20)) == 1s);
  CHECK(rt::run(loop, time_to_read(*open_simulator(config()), 20)) == 0s);
}

TEST_CASE("a rate that cannot be simulated is a usage error") {
  SimulatorConfig slow = config();
  slow.rate = SampleRate(1000);
  CHECK(test::error_of([&] { static_cast<void>(open_simulator(slow)); }).status() == ExitStatus::usage);
}
