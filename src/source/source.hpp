// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/iq.hpp"
#include "base/units.hpp"
#include "rt/async_generator.hpp"
#include "rt/task.hpp"
#include "source/shared_bytes.hpp"

namespace fmrx::source {

/// Raw IQ samples on their way to the receiver, some 10 to 50 ms of them. Read-only once
/// yielded; the memory goes back to the source when the last holder lets go.
class IqBlock {
 public:
  IqBlock(IqFormat format, SharedBytes bytes, bool is_gap = false)
      : format_(format), bytes_(std::move(bytes)), is_gap_(is_gap) {}

  [[nodiscard]] IqView view() const { return {format_, bytes_.view()}; }

  /// Whether nothing was received: zeros that keep the time line while a dongle is away.
  [[nodiscard]] bool is_gap() const { return is_gap_; }

 private:
  IqFormat format_;
  SharedBytes bytes_;
  bool is_gap_;
};

/// The gain of a tuner, where a source has one that can be set while it streams.
class TunerGain {
 public:
  TunerGain() = default;
  TunerGain(const TunerGain&) = delete;
  TunerGain& operator=(const TunerGain&) = delete;

  /// Ascending.
  [[nodiscard]] virtual const std::vector<Decibels>& gains() const = 0;

  /// One of gains(). Takes effect some milliseconds later.
  virtual void set_gain(Decibels gain) = 0;

 protected:
  ~TunerGain() = default;
};

/// What is known about a source once it is open.
struct SourceInfo {
  std::string name;  ///< for messages: "file x.cu8", "RTL-SDR 00000001 (R820T)"
  IqFormat format = IqFormat::cu8;
  SampleRate rate{0};
  std::optional<Hertz> centre;           ///< what the samples are centred on, where known
  bool live = false;                     ///< comes at its own pace: who is slow loses samples
  std::optional<std::uint64_t> samples;  ///< how many there will be, where known
};

/// Where IQ samples come from. One reader, once.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  [[nodiscard]] virtual const SourceInfo& info() const = 0;

  /// The samples, to the end. Throws fmrx::Error when the source is lost. May be cancelled
  /// at any time by destroying it.
  [[nodiscard]] virtual rt::AsyncGenerator<IqBlock> stream() = 0;

  /// Gives the device or file back, after the stream has been destroyed. Its caller sets
  /// it a time limit; what hangs is then left behind.
  [[nodiscard]] virtual rt::Task<void> close() = 0;

  /// Samples that the source knows it has lost so far (a live one whose reader was too slow).
  [[nodiscard]] virtual std::uint64_t samples_lost() const { return 0; }

  /// Null where there is nothing to set. Belongs to the source.
  [[nodiscard]] virtual TunerGain* tuner_gain() { return nullptr; }
};

}  // namespace fmrx::source
