// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/null_sink.hpp"

#include <optional>

namespace fmrx::sink {

namespace {

class NullSink final : public Sink {
 public:
  [[nodiscard]] std::string name() const override { return "none"; }
  [[nodiscard]] rt::Task<void> open() override { co_return; }

  [[nodiscard]] rt::Task<SinkEnd> run(AudioChannel& audio) override {
    std::optional<AudioBlock> block = co_await audio.pop();
    while (block) block = co_await audio.pop();
    co_return SinkEnd::finished;
  }

  void hurry() noexcept override {}
  [[nodiscard]] std::chrono::milliseconds buffered() const override { return {}; }
};

}  // namespace

std::unique_ptr<Sink> make_null_sink() {
  return std::make_unique<NullSink>();
}

}  // namespace fmrx::sink
