// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "rt/bridge.hpp"
#include "rt/spsc_ring.hpp"
#include "rt/task.hpp"
#include "sink/blocking_writer.hpp"
#include "sink/sink.hpp"

namespace fmrx::sink {

/// What a WriterSink shares with whoever makes its writer's calls: the writer, and the audio on
/// the way to it.
class WriterWork {
 public:
  /// What is told of the audio beside its samples.
  struct Stamp {
    std::uint64_t written;  ///< frames that went into the ring before the block
    std::uint64_t frame;    ///< the block's first_frame()
    std::uint64_t silent;   ///< so many frames are a gap that the source filled in
    UtcTime utc;            ///< when it came
    std::chrono::nanoseconds steady;
  };

  WriterWork(std::unique_ptr<BlockingWriter> writer, std::chrono::milliseconds queue,
             const StreamFormat& format);

  // For whoever makes the writer's calls. They block as the writer does.

  /// Opens the writer. False: it cannot be opened.
  [[nodiscard]] bool begin() noexcept;
  /// Writes what the ring holds at present. False: the writer takes no more.
  [[nodiscard]] bool write_available() noexcept;
  /// Closes the writer, unless it has failed, and tells the sink. The last call.
  void end() noexcept;

  // For both.

  rt::Outbound<float> ring;
  rt::SpscRing<Stamp> stamps;  ///< a stamp is written before the samples that it is about
  rt::Inbound<bool> opened{1};

  // For the sink.

  [[nodiscard]] BlockingWriter& writer() const { return *writer_; }  ///< see there who may call what
  [[nodiscard]] const StreamFormat& format() const { return format_; }
  /// Valid after the end, and once `opened` was closed: empty, or why the writer has failed.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// Valid after the end.
  [[nodiscard]] SinkEnd how_it_ended() const { return end_; }

 private:
  template <class Action>
  bool guarded(Action action) noexcept;
  [[nodiscard]] bool write_some();
  void take_stamp(const Stamp& stamp);

  std::unique_ptr<BlockingWriter> writer_;
  StreamFormat format_;
  std::optional<Stamp> next_stamp_;
  std::uint64_t written_ = 0;   ///< frames taken from the ring
  std::uint64_t position_ = 0;  ///< frames since the beginning, with what was lost
  std::string failure_;
  SinkEnd end_ = SinkEnd::finished;
};

/// Makes a writer's calls: begin(), write_available() whenever the ring has something, end() when
/// it is closed and empty. A thread, or in a simulation a coroutine.
class WriterRunner {
 public:
  WriterRunner() = default;
  WriterRunner(const WriterRunner&) = delete;
  WriterRunner& operator=(const WriterRunner&) = delete;
  virtual ~WriterRunner() = default;

  virtual void start(std::shared_ptr<WriterWork> work) = 0;
  /// Returns when end() has.
  [[nodiscard]] virtual rt::Task<void> ended() = 0;
};

[[nodiscard]] std::unique_ptr<WriterRunner> make_writer_thread();

}  // namespace fmrx::sink
