// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/simulator.hpp"

#include <algorithm>
#include <complex>
#include <span>
#include <utility>
#include <vector>

#include "base/buffer_pool.hpp"
#include "rt/sleep.hpp"
#include "sim/band_simulator.hpp"
#include "source/pace.hpp"

namespace fmrx::source {

namespace {

constexpr SampleRate kDefaultRate{960'000};
constexpr std::uint32_t kBlocksPerSecond = 20;

class Simulator final : public Source {
 public:
  Simulator(const SimulatorConfig& config, SampleRate rate)
      : band_(rate, config.station, config.seed),
        realtime_(config.realtime),
        pace_(rate),
        iq_(rate.value() / kBlocksPerSecond) {
    info_.name = "simulator";
    info_.format = IqFormat::cf32;
    info_.rate = rate;
    info_.centre = config.station;
  }

  const SourceInfo& info() const override { return info_; }

  rt::AsyncGenerator<IqBlock> stream() override {
    for (;;) {
      IqBlock block = next_block();
      if (realtime_) {
        const rt::TimePoint due = pace_.due(iq_.size());
        co_await rt::sleep_until(due);
      } else {
        // Generating takes a while, and a reader that is always ready never suspends.
        co_await rt::yield();
      }
      co_yield block;
    }
  }

  rt::Task<void> close() override { co_return; }

 private:
  IqBlock next_block() {
    band_.generate(iq_);
    const auto bytes = std::as_bytes(std::span(iq_));
    const auto buffer = pool_.take(bytes.size());
    std::ranges::copy(bytes, buffer->begin());
    return IqBlock(info_.format, SharedBytes(buffer));
  }

  SourceInfo info_;
  sim::BandSimulator band_;
  bool realtime_;
  Pace pace_;
  std::vector<std::complex<float>> iq_;
  BufferPool<std::byte> pool_;
};

}  // namespace

std::unique_ptr<Source> open_simulator(const SimulatorConfig& config) {
  return std::make_unique<Simulator>(config, config.rate.value_or(kDefaultRate));
}

}  // namespace fmrx::source
