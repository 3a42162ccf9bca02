// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"
#include "radio/signal_watch.hpp"
#include "sink/station_notes.hpp"

namespace fmrx::app {

/// Follows how a station comes in: tells recordings, people and --on-event, and says when it has
/// been away for too long. Counted in audio.
class StationWatch {
 public:
  struct Config {
    std::string station;  ///< for messages
    std::vector<std::shared_ptr<sink::StationNotes>> notes;
    std::optional<std::chrono::nanoseconds> require_signal;
    bool exit_on_signal_lost = false;
    /// "signal-lost", "signal-found", and a text; may be empty.
    std::function<void(std::string_view, const std::string&)> on_event;
  };

  explicit StationWatch(Config config) : config_(std::move(config)) {}

  /// After a block of audio that ends at `frame`. False: leave, with ExitStatus::no_signal.
  bool block(std::uint64_t frame, Decibels carrier_to_noise);

 private:
  [[nodiscard]] bool says_something() const { return !config_.notes.empty() || config_.on_event; }
  void tell(radio::SignalWatch::Change change, std::uint64_t frame);
  bool leave(const std::string& why) const;

  Config config_;
  radio::SignalWatch signal_;
  std::uint64_t next_look_ = 0;
  std::uint64_t next_note_ = kAudioRate.value() / 2;  ///< levels need a moment to settle
  std::uint64_t lost_at_ = 0;
};

}  // namespace fmrx::app
