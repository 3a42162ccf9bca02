// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/local_time.hpp"
#include "rt/task.hpp"
#include "sink/blocking_writer.hpp"
#include "sink/sink.hpp"
#include "sink/writer_work.hpp"

namespace fmrx::sink {

/// A sink whose writing blocks: a thread of its own feeds the writer from a ring. The thread
/// owns ring and writer, so whatever happens to the sink, it drains the ring, closes the
/// writer and ends by itself.
class WriterSink final : public Sink {
 public:
  /// `queue` is how much audio the ring holds at least.
  WriterSink(std::unique_ptr<BlockingWriter> writer, std::chrono::milliseconds queue,
             const StreamFormat& format = {}, std::unique_ptr<WriterRunner> runner = make_writer_thread(),
             Clocks clocks = {});
  ~WriterSink() override;

  [[nodiscard]] std::string name() const override;
  [[nodiscard]] rt::Task<void> open() override;
  [[nodiscard]] rt::Task<SinkEnd> run(AudioChannel& audio) override;
  void hurry() noexcept override;
  void begin_new_file() noexcept override;
  [[nodiscard]] std::chrono::milliseconds buffered() const override;

 private:
  rt::Task<void> finish();

  std::shared_ptr<WriterWork> work_;
  std::unique_ptr<WriterRunner> runner_;
  Clocks clocks_;
};

}  // namespace fmrx::sink
