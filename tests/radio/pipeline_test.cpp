// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Who waits for whom, and how a run ends, on virtual time with made-up sources and sinks.
#include "radio/pipeline.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsp/fm_receiver.hpp"
#include "rds/rds_transmitter.hpp"
#include "rt/run.hpp"
#include "rt/sleep.hpp"
#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"
#include "support/poller_simulated.hpp"

using namespace fmrx;
using namespace std::chrono_literals;
using sink::AudioChannel;
using sink::SinkEnd;

namespace {

constexpr std::size_t kBlockSamples = 4'800;  // 20 ms at 240 kS/s
constexpr std::uint64_t kBlockFrames = 960;
constexpr auto kBlockTime = 20ms;
constexpr int kWholeRun = 50;  // blocks: one second
constexpr std::uint64_t kSamplesLost = 5 * kBlockSamples;

using Iq = std::shared_ptr<const std::vector<std::byte>>;

/// Silence, or what it is given, block after block, at its own pace if it is live.
class ScriptedSource final : public source::Source {
 public:
  /// The source plays `iq` over and over.
  void play(std::vector<Iq> iq) { iq_ = std::move(iq); }

  ScriptedSource(bool live, int blocks, std::optional<int> lost_after = std::nullopt)
      : blocks_(blocks), lost_after_(lost_after) {
    info_.name = "script";
    info_.rate = SampleRate(240'000);
    info_.live = live;
  }

  [[nodiscard]] const source::SourceInfo& info() const override { return info_; }
  [[nodiscard]] int yielded() const { return yielded_; }
  [[nodiscard]] std::uint64_t samples_lost() const override {
    return yielded_ > loses_after_ ? kSamplesLost : 0;
  }

  /// So many blocks are yielded before kSamplesLost are lost.
  void lose_after(int blocks) { loses_after_ = blocks; }

  [[nodiscard]] rt::AsyncGenerator<source::IqBlock> stream() override {
    const auto silence = std::make_shared<const std::vector<std::byte>>(2 * kBlockSamples, std::byte{128});
    for (int i = 0; i < blocks_; ++i) {
      if (lost_after_ == i) throw Error(ExitStatus::source, "script: torn out");
      if (info_.live) co_await rt::sleep_for(kBlockTime);
      const Iq& bytes = iq_.empty() ? silence : iq_[static_cast<std::size_t>(i) % iq_.size()];
      source::IqBlock block(IqFormat::cu8, source::SharedBytes(bytes));
      ++yielded_;
      co_yield block;
    }
  }

  [[nodiscard]] rt::Task<void> close() override { co_return; }

 private:
  source::SourceInfo info_;
  int blocks_;
  std::optional<int> lost_after_;
  int yielded_ = 0;
  int loses_after_ = std::numeric_limits<int>::max();
  std::vector<Iq> iq_;
};

/// Takes a block at a time and so much time for each.
class ScriptedSink final : public sink::Sink {
 public:
  struct Script {
    std::chrono::milliseconds per_block{0};
    std::optional<int> leaves_after{};
    std::optional<int> fails_after{};
  };

  explicit ScriptedSink(const Script& script) : script_(script) {}

  [[nodiscard]] std::string name() const override { return "script"; }
  [[nodiscard]] rt::Task<void> open() override { co_return; }
  [[nodiscard]] rt::Task<SinkEnd> run(AudioChannel& audio) override {
    for (int taken = 0;; ++taken) {
      if (script_.leaves_after == taken) co_return SinkEnd::reader_gone;
      if (script_.fails_after == taken) throw Error(ExitStatus::output, "script: full");
      const std::optional<sink::AudioBlock> block = co_await audio.pop();
      if (!block) break;
      frames += block->frames();
      if (!hurried && script_.per_block > 0ms) co_await rt::sleep_for(script_.per_block);
    }
    finished = true;
    co_return SinkEnd::finished;
  }
  void hurry() noexcept override { hurried = true; }
  [[nodiscard]] std::chrono::milliseconds buffered() const override { return 0ms; }

  std::uint64_t frames = 0;
  bool finished = false;
  bool hurried = false;

 private:
  Script script_;
};

/// A pipeline with everything round it.
class Bench {
 public:
  Bench(std::unique_ptr<ScriptedSource> source, const std::vector<ScriptedSink::Script>& scripts,
        std::optional<std::uint64_t> frame_limit = std::nullopt)
      : source_(std::move(source)) {
    for (const auto& script : scripts) sinks_.push_back(std::make_unique<ScriptedSink>(script));
    pipeline.emplace(*source_, receiver_, sinks_, frame_limit);
  }

  /// Runs it; gives how long it took.
  std::chrono::milliseconds run() {
    const rt::TimePoint start = loop_.now();
    rt::run(loop_, pipeline->run());
    return std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - start);
  }

  /// Runs it with a coroutine beside it that ends when it does.
  void run_beside(rt::Task<void> other) { rt::run(loop_, beside(std::move(other))); }

  /// Runs it and hurries it after `time`.
  std::chrono::milliseconds run_and_hurry_after(std::chrono::milliseconds time) {
    const rt::TimePoint start = loop_.now();
    rt::run(loop_, hurried_after(time));
    return std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - start);
  }

  [[nodiscard]] ScriptedSink& sink(std::size_t index) { return static_cast<ScriptedSink&>(*sinks_[index]); }
  [[nodiscard]] const ScriptedSource& source() const { return *source_; }

 private:
  rt::Task<void> hurry(std::chrono::milliseconds time) {
    co_await rt::sleep_for(time);
    pipeline->hurry();
  }
  rt::Task<void> beside(rt::Task<void> other) {
    rt::Scope scope;
    scope.spawn(std::move(other));
    co_await pipeline->run();
    co_await scope.join();
  }
  rt::Task<void> hurried_after(std::chrono::milliseconds time) {
    rt::Scope beside;
    beside.spawn(hurry(time));
    co_await pipeline->run();
  }

  rt::EventLoop loop_{std::make_shared<rt::SimulatedPoller>()};
  std::unique_ptr<ScriptedSource> source_;
  dsp::FmReceiver receiver_{dsp::ReceiverConfig(SampleRate(240'000))};
  std::vector<std::unique_ptr<sink::Sink>> sinks_;

 public:
  std::optional<radio::Pipeline> pipeline;
};

std::unique_ptr<ScriptedSource> recording(int blocks = kWholeRun) {
  return std::make_unique<ScriptedSource>(false, blocks);
}
std::unique_ptr<ScriptedSource> dongle(int blocks = kWholeRun) {
  return std::make_unique<ScriptedSource>(true, blocks);
}

ScriptedSink::Script quick() {
  return {};
}
ScriptedSink::Script slow() {
  ScriptedSink::Script script;
  script.per_block = 3 * kBlockTime;
  return script;
}

constexpr int kRdsBlocks = 400;  // 8 s: 91 groups, more than the queue holds

/// A station with RDS, without noise.
std::unique_ptr<ScriptedSource> station_with_rds(bool live) {
  test::RdsSignal signal;
  signal.rate_hz = 240e3;
  signal.groups = [](std::size_t index) { return test::random_group(0xD318, index); };
  test::RdsTransmitter transmitter(signal);
  std::vector<Iq> iq;
  double turns = 0;
  for (int block = 0; block < kRdsBlocks; ++block) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < kBlockSamples; ++i) {
      turns = std::fmod(
          turns + static_cast<double>(transmitter.next()) * test::turns_per_unit(signal.rate_hz), 1.0);
      for (const double part :
           {std::cos(2 * std::numbers::pi * turns), std::sin(2 * std::numbers::pi * turns)})
        bytes.push_back(static_cast<std::byte>(std::lround(part * 100 + 127.5)));
    }
    iq.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
  }
  auto source = std::make_unique<ScriptedSource>(live, kRdsBlocks);
  source->play(std::move(iq));
  return source;
}

/// Whole groups on the air, and the beginning of the next.
constexpr std::uint64_t kRdsGroups = 92;

rt::Task<void> read_groups(rt::Channel<rds::Group>& groups, std::chrono::milliseconds per_group,
                           std::uint64_t& count) {
  for (;;) {
    const std::optional<rds::Group> group = co_await groups.pop();
    if (!group) break;
    ++count;
    if (per_group > 0ms) co_await rt::sleep_for(per_group);
  }
}

}  // namespace

TEST_CASE("a recording's RDS waits for its reader and loses no group") {
  Bench bench(station_with_rds(false), {quick()});
  std::uint64_t count = 0;
  bench.run_beside(read_groups(bench.pipeline->decode_rds(), 100ms, count));
  CHECK(count == kRdsGroups);
  CHECK(bench.pipeline->groups_dropped() == 0);
}

TEST_CASE("with a live source a slow reader of RDS drops, counts, and disturbs nobody") {
  Bench bench(station_with_rds(true), {quick()});
  std::uint64_t count = 0;
  bench.run_beside(read_groups(bench.pipeline->decode_rds(), 1s, count));
  CHECK(bench.sink(0).frames == kRdsBlocks * kBlockFrames);
  CHECK(bench.pipeline->groups_dropped() > 0);
  CHECK(count + bench.pipeline->groups_dropped() == kRdsGroups);
}

TEST_CASE("RDS that nobody reads any more stops nothing") {
  Bench bench(station_with_rds(false), {quick()});
  bench.pipeline->decode_rds().abandon();
  bench.run();
  CHECK(bench.sink(0).frames == kRdsBlocks * kBlockFrames);
}

TEST_CASE("a recording waits for its slowest sink and loses nothing") {
  Bench bench(recording(), {quick(), slow()});
  const auto took = bench.run();
  CHECK(bench.sink(0).frames == kWholeRun * kBlockFrames);
  CHECK(bench.sink(1).frames == kWholeRun * kBlockFrames);
  CHECK(took == kWholeRun * 3 * kBlockTime);
  CHECK(bench.sink(0).finished);
  CHECK(bench.sink(1).finished);
}

TEST_CASE("with a live source a slow sink drops, counts, and disturbs nobody") {
  Bench bench(dongle(), {quick(), slow()});
  bench.run();
  CHECK(bench.sink(0).frames == kWholeRun * kBlockFrames);
  const auto progress = bench.pipeline->sinks();
  CHECK(progress[0].frames_dropped == 0);
  CHECK(progress[1].frames_dropped > 0);
  // What it was given and what it was not are all there was.
  CHECK(bench.sink(1).frames + progress[1].frames_dropped == kWholeRun * kBlockFrames);
  CHECK(progress[1].drops * kBlockFrames == progress[1].frames_dropped);
}

TEST_CASE("a sink that leaves, leaves the others alone") {
  ScriptedSink::Script leaving = quick();
  leaving.leaves_after = 5;
  Bench bench(recording(), {leaving, quick()});
  bench.run();
  CHECK(bench.sink(0).frames == 5 * kBlockFrames);
  CHECK(bench.sink(1).frames == kWholeRun * kBlockFrames);
  CHECK(bench.pipeline->failures().empty());
  CHECK(bench.pipeline->sinks()[0].ended);
}

TEST_CASE("a run whose last sink leaves is over, even if the source gives nothing") {
  ScriptedSink::Script leaving = quick();
  leaving.leaves_after = 5;
  Bench bench(dongle(1'000'000), {leaving});
  CHECK(bench.run() < 10 * kBlockTime);
}

TEST_CASE("a sink that fails is told and leaves the others alone") {
  ScriptedSink::Script failing = quick();
  failing.fails_after = 3;
  Bench bench(recording(), {failing, quick()});
  const std::string said = test::stderr_of([&] { bench.run(); });
  CHECK(said == "fmrx: error: script: full\n");
  REQUIRE(bench.pipeline->failures().size() == 1);
  CHECK(bench.pipeline->failures().front().status() == ExitStatus::output);
  CHECK(bench.sink(1).frames == kWholeRun * kBlockFrames);
}

TEST_CASE("a source that is lost ends as one that is over, and is told") {
  Bench bench(std::make_unique<ScriptedSource>(false, kWholeRun, 7), {quick()});
  test::stderr_of([&] { bench.run(); });
  REQUIRE(bench.pipeline->failures().size() == 1);
  CHECK(bench.pipeline->failures().front().status() == ExitStatus::source);
  CHECK(bench.sink(0).frames == 7 * kBlockFrames);
  CHECK(bench.sink(0).finished);
}

TEST_CASE("the frame limit is met to the frame, and the source is not read further") {
  const std::uint64_t limit = 10 * kBlockFrames + 7;
  Bench bench(recording(1'000'000), {quick()}, limit);
  bench.run();
  CHECK(bench.sink(0).frames == limit);
  CHECK(bench.pipeline->frames_played() == limit);
  // The block with the last frame, and what two queues of eight blocks hold.
  CHECK(bench.source().yielded() <= 11 + 2 * 8 + 1);
}

TEST_CASE("the frame limit ends the run where it falls among lost samples") {
  constexpr int kHeard = 10;
  auto source = dongle();
  source->lose_after(kHeard);
  Bench bench(std::move(source), {quick()}, (kHeard + 1) * kBlockFrames);
  bench.run();
  CHECK(bench.sink(0).finished);
  CHECK(bench.sink(0).frames <= kHeard * kBlockFrames);
  CHECK(bench.source().yielded() < kWholeRun / 2);
}

TEST_CASE("hurried, the source is stopped and every sink finishes") {
  Bench bench(dongle(1'000'000), {quick(), slow()});
  const auto took = bench.run_and_hurry_after(1s);
  CHECK(took < 1s + 2 * 3 * kBlockTime);
  CHECK(bench.sink(0).finished);
  CHECK(bench.sink(1).finished);
  CHECK(bench.sink(0).hurried);
  // Everything that the source gave has been delivered to whoever could take it.
  CHECK(bench.sink(0).frames == static_cast<std::uint64_t>(bench.source().yielded()) * kBlockFrames);
}
