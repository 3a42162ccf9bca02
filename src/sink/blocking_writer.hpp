// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "base/local_time.hpp"
#include "sink/sink.hpp"

namespace fmrx::sink {

/// Something that takes audio and may block: what most sinks are, behind a WriterSink. Its
/// calls come from the sink's own thread, except where noted; the two texts never change.
class BlockingWriter {
 public:
  BlockingWriter() = default;
  BlockingWriter(const BlockingWriter&) = delete;
  BlockingWriter& operator=(const BlockingWriter&) = delete;
  virtual ~BlockingWriter() = default;

  [[nodiscard]] virtual std::string name() const = 0;  ///< as Sink::name(); from any thread

  /// Whom the user waits for when closing takes long: "the disk"; empty: it cannot take long
  /// once hurried. From any thread.
  [[nodiscard]] virtual std::string waits_for() const = 0;

  /// Throws fmrx::Error (ExitStatus::output); then nothing else is called.
  virtual void open() = 0;

  /// Whole frames, interleaved. False: it takes no more. Throws fmrx::Error, after having made
  /// what was written before valid; then nothing else is called.
  [[nodiscard]] virtual bool write(std::span<const float> samples) = 0;

  /// So many frames are missing between what was written and what comes next. Throws as write().
  virtual void lost([[maybe_unused]] std::uint64_t frames) {}

  /// The next so many frames are silence that the source filled in for what never came.
  virtual void silence_follows([[maybe_unused]] std::uint64_t frames) {}

  /// When the next frame to be written came in, by the wall clock and by one that is never set and
  /// counts through a suspend. Called about once a second of audio. Throws as write().
  virtual void arrived([[maybe_unused]] UtcTime utc, [[maybe_unused]] std::chrono::nanoseconds steady) {}

  /// The last call, also after write() gave false. Throws fmrx::Error.
  virtual SinkEnd close() = 0;

  /// Sink::hurry(): from any thread, at any time.
  virtual void hurry() noexcept = 0;

  /// Sink::begin_new_file(): from any thread, at any time.
  virtual void begin_new_file() noexcept {}
};

}  // namespace fmrx::sink
