// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/writer_sink.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "rt/sleep.hpp"

namespace fmrx::sink {

namespace {

constexpr auto kPatience = std::chrono::milliseconds(500);

/// Gaps always have one; else one a second, or more often, tells how the clocks run.
constexpr std::uint64_t kStampInterval_frames = kAudioRate.value();

}  // namespace

WriterSink::WriterSink(std::unique_ptr<BlockingWriter> writer, std::chrono::milliseconds queue,
                       const StreamFormat& format, std::unique_ptr<WriterRunner> runner, Clocks clocks)
    : work_(std::make_shared<WriterWork>(std::move(writer), queue, format)),
      runner_(std::move(runner)),
      clocks_(std::move(clocks)) {}

WriterSink::~WriterSink() {
  work_->ring.close();
}

std::string WriterSink::name() const {
  return work_->writer().name();
}

void WriterSink::hurry() noexcept {
  work_->writer().hurry();
}

void WriterSink::begin_new_file() noexcept {
  work_->writer().begin_new_file();
}

std::chrono::milliseconds WriterSink::buffered() const {
  const std::size_t frames = work_->ring.size() / work_->format().channels;
  return std::chrono::milliseconds(frames * 1000 / work_->format().rate.value());
}

rt::Task<void> WriterSink::open() {
  runner_->start(work_);
  const bool is_open = co_await work_->opened.data();
  if (!is_open) throw Error(ExitStatus::output, work_->failure());
}

rt::Task<SinkEnd> WriterSink::run(AudioChannel& audio) {
  // Cancelled, this frame is destroyed: the thread must learn that nothing more comes.
  struct CloseRing {
    WriterWork& work;
    bool cancelled = true;
    ~CloseRing() {
      if (cancelled) work.writer().hurry();
      work.ring.close();
    }
  } close_ring{*work_};

  rt::Outbound<float>& ring = work_->ring;
  std::uint64_t written = 0;
  std::uint64_t next_frame = 0;
  std::uint64_t next_stamp = 0;
  bool wanted = true;
  while (wanted) {
    // Only what there is room for is taken from the channel: a source that can wait is so
    // paced by its slowest sink.
    wanted = co_await ring.room(work_->format().channels);
    if (!wanted) break;
    const std::optional<AudioBlock> block = co_await audio.pop();
    if (!block) break;
    const bool is_gap = block->first_frame() > next_frame;
    if (is_gap || block->is_gap() || written >= next_stamp) {
      const WriterWork::Stamp stamp{written, std::max(block->first_frame(), next_frame),
                                    block->is_gap() ? block->frames() : 0, clocks_.utc(), clocks_.steady()};
      if (work_->stamps.write({&stamp, 1}) == 1) next_stamp = written + kStampInterval_frames;
    }
    next_frame = std::max(block->first_frame(), next_frame) + block->frames();
    written += block->frames();
    std::span<const float> rest = block->samples();
    while (wanted && !rest.empty()) {
      wanted = co_await ring.room(std::min(rest.size(), ring.capacity() / 2));
      if (wanted) rest = rest.subspan(ring.write(rest));
    }
  }
  close_ring.cancelled = false;
  ring.close();
  co_await finish();
  if (!work_->failure().empty()) throw Error(ExitStatus::output, work_->failure());
  co_return work_->how_it_ended();
}

/// Waits until the thread has closed the writer.
rt::Task<void> WriterSink::finish() {
  const bool at_once = co_await rt::with_timeout(kPatience, runner_->ended());
  const std::string culprit = work_->writer().waits_for();
  if (!at_once && !culprit.empty()) {
    log::info("waiting for " + culprit + " to take the rest of " + name() + " ...");
  }
  co_await runner_->ended();
}

}  // namespace fmrx::sink
