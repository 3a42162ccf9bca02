// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/writer_sink.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/local_time.hpp"
#include "base/log.hpp"
#include "rt/bridge.hpp"
#include "rt/sleep.hpp"
#include "rt/spsc_ring.hpp"

namespace fmrx::sink {

namespace {

constexpr auto kPatience = std::chrono::milliseconds(500);

std::size_t samples_in(std::chrono::milliseconds time, const StreamFormat& format) {
  return static_cast<std::size_t>(time.count()) * format.rate.value() / 1000 * format.channels;
}

/// What the thread is told of the audio beside its samples.
struct Stamp {
  std::uint64_t written;  ///< frames that went into the ring before the block
  std::uint64_t frame;    ///< the block's first_frame()
  std::uint64_t silent;   ///< so many frames are a gap that the source filled in
  std::int64_t utc_ns;    ///< when it came, since 1970
  std::int64_t steady_ns;
};

/// Gaps always have one; else one a second, or more often, tells how the clocks run.
constexpr std::uint64_t kStampInterval_frames = kAudioRate.value();
/// One that finds no room is left out: the next one tells the same gap.
constexpr std::size_t kMostStamps = 1'024;

rt::Task<void> until_ended(const rt::ForeignThread& thread) {
  co_await thread.end();
}

}  // namespace

/// What the loop and the sink's thread both hold. The thread writes `failure` and `end` before
/// it ends or closes `opened`; the loop reads them afterwards.
struct WriterSink::Shared {
  Shared(std::unique_ptr<BlockingWriter> the_writer, std::chrono::milliseconds queue,
         const StreamFormat& the_format)
      : writer(std::move(the_writer)),
        format(the_format),
        ring(samples_in(queue, the_format)),
        stamps(kMostStamps) {}

  /// The thread's whole life.
  void write_until_closed() noexcept {
    try {
      writer->open();
      opened.push(true);
      write_all();
      end = writer->close();
    } catch (const std::exception& error) {
      failure = error.what();
    }
    opened.close();
    ring.close();
  }

  void write_all() {
    constexpr std::size_t kChunk_samples = 16'384;
    std::vector<float> chunk(kChunk_samples);
    std::vector<Stamp> next(1);
    bool has_next = false;
    std::uint64_t written = 0;   // frames taken from the ring
    std::uint64_t position = 0;  // frames since the beginning, with what was lost
    while (ring.wait()) {
      // In this order: a stamp is written before the samples that it is about.
      const std::size_t available = ring.size();
      has_next = has_next || stamps.read(next) == 1;
      if (has_next && next[0].written == written) {
        has_next = false;
        if (next[0].frame > position) writer->lost(next[0].frame - position);
        position = std::max(position, next[0].frame);
        if (next[0].silent > 0) writer->silence_follows(next[0].silent);
        writer->arrived(UtcTime(std::chrono::nanoseconds(next[0].utc_ns)),
                        std::chrono::nanoseconds(next[0].steady_ns));
        continue;
      }
      std::size_t most = std::min(kChunk_samples, available);
      if (has_next) most = std::min<std::uint64_t>(most, (next[0].written - written) * format.channels);
      const std::size_t count = ring.read(std::span(chunk).first(most));
      if (!writer->write(std::span(chunk).first(count))) return;
      written += count / format.channels;
      position += count / format.channels;
    }
  }

  std::unique_ptr<BlockingWriter> writer;
  StreamFormat format;
  rt::Outbound<float> ring;
  rt::SpscRing<Stamp> stamps;
  rt::Inbound<bool> opened{1};
  std::string failure;
  SinkEnd end = SinkEnd::finished;
};

WriterSink::WriterSink(std::unique_ptr<BlockingWriter> writer, std::chrono::milliseconds queue,
                       const StreamFormat& format)
    : shared_(std::make_shared<Shared>(std::move(writer), queue, format)) {}

WriterSink::~WriterSink() {
  shared_->ring.close();
}

std::string WriterSink::name() const {
  return shared_->writer->name();
}

void WriterSink::hurry() noexcept {
  shared_->writer->hurry();
}

void WriterSink::begin_new_file() noexcept {
  shared_->writer->begin_new_file();
}

std::chrono::milliseconds WriterSink::buffered() const {
  const std::size_t frames = shared_->ring.size() / shared_->format.channels;
  return std::chrono::milliseconds(frames * 1000 / shared_->format.rate.value());
}

rt::Task<void> WriterSink::open() {
  const std::shared_ptr<Shared> shared = shared_;
  using AtExit = rt::ForeignThread::AtExit;
  const AtExit at_exit = shared->writer->waits_for().empty() ? AtExit::forget : AtExit::wait_for;
  thread_ = std::make_unique<rt::ForeignThread>([shared] { shared->write_until_closed(); }, at_exit);
  const bool is_open = co_await shared->opened.data();
  if (!is_open) throw Error(ExitStatus::output, shared->failure);
}

rt::Task<SinkEnd> WriterSink::run(AudioChannel& audio) {
  // Cancelled, this frame is destroyed: the thread must learn that nothing more comes.
  struct CloseRing {
    Shared& shared;
    bool cancelled = true;
    ~CloseRing() {
      if (cancelled) shared.writer->hurry();
      shared.ring.close();
    }
  } close_ring{*shared_};

  rt::Outbound<float>& ring = shared_->ring;
  std::uint64_t written = 0;
  std::uint64_t next_frame = 0;
  std::uint64_t next_stamp = 0;
  bool wanted = true;
  while (wanted) {
    // Only what there is room for is taken from the channel: a source that can wait is so
    // paced by its slowest sink.
    wanted = co_await ring.room(shared_->format.channels);
    if (!wanted) break;
    const std::optional<AudioBlock> block = co_await audio.pop();
    if (!block) break;
    const bool is_gap = block->first_frame() > next_frame;
    if (is_gap || block->is_gap() || written >= next_stamp) {
      const Stamp stamp{written, std::max(block->first_frame(), next_frame),
                        block->is_gap() ? block->frames() : 0, utc_now().time_since_epoch().count(),
                        steady_now().count()};
      if (shared_->stamps.write({&stamp, 1}) == 1) next_stamp = written + kStampInterval_frames;
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
  if (!shared_->failure.empty()) throw Error(ExitStatus::output, shared_->failure);
  co_return shared_->end;
}

/// Waits until the thread has closed the writer.
rt::Task<void> WriterSink::finish() {
  const bool at_once = co_await rt::with_timeout(kPatience, until_ended(*thread_));
  const std::string culprit = shared_->writer->waits_for();
  if (!at_once && !culprit.empty()) {
    log::info("waiting for " + culprit + " to take the rest of " + name() + " ...");
  }
  co_await thread_->end();
}

}  // namespace fmrx::sink
