// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/writer_sink.hpp"

#include <atomic>
#include <semaphore>
#include <stdexcept>
#include <vector>

#include "base/error.hpp"
#include "rt/run.hpp"
#include "sink/audio_feed.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace std::chrono_literals;
using sink::SinkEnd;
using sink::WriterSink;

namespace {

/// What a test sees of a writer, and how it lets the writer go on or fail.
struct Observed {
  std::vector<float> written;  ///< to be read once closed
  std::atomic<bool> blocked{false};
  std::atomic<bool> closed{false};
  std::atomic<bool> hurried{false};
  bool fails_to_open = false;
  std::size_t fails_after = SIZE_MAX;  ///< samples
  std::size_t ends_after = SIZE_MAX;   ///< samples
  SinkEnd end = SinkEnd::finished;
};

class ScriptedWriter final : public sink::BlockingWriter {
 public:
  explicit ScriptedWriter(std::shared_ptr<Observed> observed) : observed_(std::move(observed)) {}

  [[nodiscard]] std::string name() const override { return "test"; }
  [[nodiscard]] std::string waits_for() const override { return ""; }

  void open() override {
    if (observed_->fails_to_open) throw Error(ExitStatus::output, "cannot open");
  }
  bool write(std::span<const float> samples) override {
    observed_->blocked.wait(true);
    std::vector<float>& written = observed_->written;
    written.insert(written.end(), samples.begin(), samples.end());
    if (written.size() > observed_->fails_after) throw Error(ExitStatus::output, "broken");
    return written.size() <= observed_->ends_after;
  }
  SinkEnd close() override {
    observed_->closed.store(true);
    return observed_->end;
  }
  void hurry() noexcept override {
    observed_->hurried.store(true);
    observed_->blocked.store(false);
    observed_->blocked.notify_all();
  }

 private:
  std::shared_ptr<Observed> observed_;
};

struct Fixture {
  rt::EventLoop loop;
  std::shared_ptr<Observed> observed = std::make_shared<Observed>();
  std::unique_ptr<WriterSink> sink =
      std::make_unique<WriterSink>(std::make_unique<ScriptedWriter>(observed), 100ms);
};

}  // namespace

TEST_CASE_METHOD(Fixture, "all audio reaches the writer, in order, before it is closed") {
  const std::vector<float> audio = test::noise(48'000);
  CHECK(rt::run(loop, test::deliver(*sink, audio)) == SinkEnd::finished);
  CHECK(observed->closed);
  CHECK(observed->written == audio);
}

TEST_CASE_METHOD(Fixture, "blocks larger than the queue pass through it") {
  const std::vector<float> audio = test::noise(96'000);
  const auto deliver_one_block = [](sink::Sink& to, const std::vector<float>& samples) -> rt::Task<SinkEnd> {
    co_await to.open();
    sink::AudioChannel channel(1);
    co_await channel.push(test::block_of(samples));
    channel.close();
    const SinkEnd end = co_await to.run(channel);
    co_return end;
  };
  CHECK(rt::run(loop, deliver_one_block(*sink, audio)) == SinkEnd::finished);
  CHECK(observed->written == audio);
}

TEST_CASE_METHOD(Fixture, "a writer that cannot open fails open() in its own words") {
  observed->fails_to_open = true;
  CHECK_THROWS_WITH(rt::run(loop, sink->open()), "cannot open");
}

TEST_CASE_METHOD(Fixture, "a writer that fails ends run() in its own words") {
  observed->fails_after = 30'000;
  CHECK_THROWS_WITH(rt::run(loop, test::deliver(*sink, test::noise(96'000))), "broken");
}

TEST_CASE_METHOD(Fixture, "a writer whose reader has gone ends run() quietly") {
  observed->ends_after = 30'000;
  observed->end = SinkEnd::reader_gone;
  CHECK(rt::run(loop, test::deliver(*sink, test::noise(96'000))) == SinkEnd::reader_gone);
  CHECK(observed->closed);
}

TEST_CASE_METHOD(Fixture, "a writer that blocks holds up its source, and hurrying reaches it") {
  observed->blocked = true;
  CHECK(rt::run(loop, test::deliver_until_stuck_then_hurry(*sink, test::noise(96'000))) == SinkEnd::finished);
  CHECK(observed->hurried);
  CHECK(observed->closed);
  CHECK(observed->written.size() < 96'000 * kAudioChannels);
}

TEST_CASE_METHOD(Fixture, "a sink that is cancelled closes its writer by itself") {
  observed->blocked = true;
  rt::run(loop, test::deliver_until_stuck_then_cancel(*sink, test::noise(96'000)));
  sink.reset();
  test::wait_for_threads_left_behind();
  CHECK(observed->hurried);
  CHECK(observed->closed);
}

TEST_CASE_METHOD(Fixture, "a sink that is opened and never run closes its writer") {
  rt::run(loop, sink->open());
  sink.reset();
  test::wait_for_threads_left_behind();
  CHECK(observed->closed);
  CHECK(observed->written.empty());
}
