// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/writer_work.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "rt/foreign_thread.hpp"

namespace fmrx::sink {

namespace {

constexpr std::size_t kChunk_samples = 16'384;
/// What comes faster than in real time gathers meanwhile, and costs fewer turns of the two threads.
constexpr auto kRest = std::chrono::milliseconds(2);
/// One that finds no room is left out: the next one tells the same gap.
constexpr std::size_t kMostStamps = 1'024;

std::size_t samples_in(std::chrono::milliseconds time, const StreamFormat& format) {
  return static_cast<std::size_t>(time.count()) * format.rate.value() / 1000 * format.channels;
}

void run(WriterWork& work) {
  if (work.begin()) {
    while (work.ring.wait() && work.write_available()) std::this_thread::sleep_for(kRest);
  }
  work.end();
}

class WriterThread final : public WriterRunner {
 public:
  void start(std::shared_ptr<WriterWork> work) override {
    using AtExit = rt::ForeignThread::AtExit;
    const AtExit at_exit = work->writer().waits_for().empty() ? AtExit::forget : AtExit::wait_for;
    thread_.emplace([work = std::move(work)] { run(*work); }, at_exit);
  }

  rt::Task<void> ended() override { co_await thread_->end(); }

 private:
  std::optional<rt::ForeignThread> thread_;
};

}  // namespace

WriterWork::WriterWork(std::unique_ptr<BlockingWriter> writer, std::chrono::milliseconds queue,
                       const StreamFormat& format)
    : ring(samples_in(queue, format)), stamps(kMostStamps), writer_(std::move(writer)), format_(format) {}

/// False, and the reason noted: it threw.
template <class Action>
bool WriterWork::guarded(Action action) noexcept {
  try {
    action();
    return true;
  } catch (const std::exception& error) {
    failure_ = error.what();
    return false;
  }
}

bool WriterWork::begin() noexcept {
  const bool is_open = guarded([this] { writer_->open(); });
  if (is_open) opened.push(true);
  return is_open;
}

bool WriterWork::write_available() noexcept {
  bool wanted = true;
  const bool written = guarded([&] {
    while (wanted && ring.size() > 0) wanted = write_some();
  });
  return written && wanted;
}

/// A piece of what the ring holds, up to the next stamp, or that stamp.
bool WriterWork::write_some() {
  // In this order: a stamp is written before the samples that it is about.
  const std::size_t available = ring.size();
  if (Stamp stamp{}; !next_stamp_ && stamps.read({&stamp, 1}) == 1) next_stamp_ = stamp;
  std::size_t most = std::min(kChunk_samples, available);
  if (next_stamp_ && next_stamp_->written == written_) {
    take_stamp(*std::exchange(next_stamp_, std::nullopt));
    return true;
  }
  if (next_stamp_) most = std::min<std::uint64_t>(most, (next_stamp_->written - written_) * format_.channels);
  const std::span<const float> samples = ring.front(most);
  const std::size_t frames = samples.size() / format_.channels;
  const bool wanted = writer_->write(samples);
  ring.drop(samples.size());
  written_ += frames;
  position_ += frames;
  return wanted;
}

void WriterWork::take_stamp(const Stamp& stamp) {
  if (stamp.frame > position_) writer_->lost(stamp.frame - position_);
  position_ = std::max(position_, stamp.frame);
  if (stamp.silent > 0) writer_->silence_follows(stamp.silent);
  writer_->arrived(stamp.utc, stamp.steady);
}

void WriterWork::end() noexcept {
  if (failure_.empty()) guarded([this] { end_ = writer_->close(); });
  opened.close();
  ring.close();
}

std::unique_ptr<WriterRunner> make_writer_thread() {
  return std::make_unique<WriterThread>();
}

}  // namespace fmrx::sink
