// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/sample_format.hpp"
#include "base/units.hpp"
#include "rt/channel.hpp"
#include "rt/task.hpp"
#include "sink/sound_state.hpp"

namespace fmrx::sink {

/// What a sink is fed with, beside samples that are floats.
struct StreamFormat {
  SampleRate rate = kAudioRate;
  unsigned channels = kAudioChannels;

  friend bool operator==(const StreamFormat&, const StreamFormat&) = default;
};

/// Audio on its way to the sinks: interleaved stereo floats at 48 kHz; or the multiplex, one
/// channel at a rate of its own. Read-only and shared by all sinks.
class AudioBlock {
 public:
  /// `first_frame` counts from the beginning of the run, with what was lost: a block that does not
  /// begin where the one before it ended follows a gap. `is_gap`: it is silence for what never came.
  explicit AudioBlock(std::shared_ptr<const std::vector<float>> samples, std::uint64_t first_frame = 0,
                      bool is_gap = false, unsigned channels = kAudioChannels)
      : samples_(std::move(samples)), first_frame_(first_frame), is_gap_(is_gap), channels_(channels) {}

  [[nodiscard]] const std::vector<float>& samples() const { return *samples_; }
  [[nodiscard]] std::size_t frames() const { return samples_->size() / channels_; }
  [[nodiscard]] std::uint64_t first_frame() const { return first_frame_; }
  [[nodiscard]] bool is_gap() const { return is_gap_; }

 private:
  std::shared_ptr<const std::vector<float>> samples_;
  std::uint64_t first_frame_;
  bool is_gap_;
  unsigned channels_;
};

using AudioChannel = rt::Channel<AudioBlock>;

/// Why a sink has ended without an error.
enum class SinkEnd : std::uint8_t {
  finished,     ///< all audio has been delivered
  reader_gone,  ///< whoever read the pipe has closed it
  gave_up,      ///< hurried, it left audio undelivered that would have had to wait
};

/// Where audio goes. Its thread, if it has one, and its own queue hide behind this.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  [[nodiscard]] virtual std::string name() const = 0;  ///< for messages: "x.wav", "standard output"

  /// Makes it ready. Throws fmrx::Error (ExitStatus::output), one line.
  [[nodiscard]] virtual rt::Task<void> open() = 0;

  /// Delivers all audio until the channel is closed, then finishes what it wrote. Throws
  /// fmrx::Error (ExitStatus::output); what was delivered before is then still valid.
  [[nodiscard]] virtual rt::Task<SinkEnd> run(AudioChannel& audio) = 0;

  /// The user wants to leave: run() shall end as soon as the channel is closed, and
  /// deliver only what needs no waiting for a reader or a sound card. Files are finished.
  virtual void hurry() noexcept = 0;

  /// The user wants what comes from now on in a new file. Only of a sink that writes files.
  virtual void begin_new_file() noexcept {}

  /// Audio that was taken and is not yet delivered.
  [[nodiscard]] virtual std::chrono::milliseconds buffered() const = 0;

  /// Only of a sink that plays.
  [[nodiscard]] virtual std::optional<SoundState> sound() const { return std::nullopt; }
};

}  // namespace fmrx::sink
