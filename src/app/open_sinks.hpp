// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "sink/recording_sink.hpp"
#include "sink/sink.hpp"

namespace fmrx::app {

/// What sinks need to know of the run beside the options.
struct RunFacts {
  bool live = false;  ///< the source comes at its own pace
  std::chrono::nanoseconds receiver_delay{0};
  std::string station;           ///< for people: "92.7 MHz"
  std::optional<UtcTime> begin;  ///< what --at and --until mean
  std::optional<UtcTime> end;
  /// A finished file's path, and what is known of it; called from a sink's thread.
  std::function<void(const std::string&, const recording::FileRecord&)> file_finished;
};

/// Sinks, and for each recording among them where to post what becomes known of the station.
struct Sinks {
  std::vector<std::unique_ptr<sink::Sink>> all;  ///< for audio
  std::unique_ptr<sink::Sink> multiplex;         ///< nothing if not wanted
  std::vector<std::shared_ptr<sink::StationNotes>> notes;
};

/// The sinks that the options name, not yet open.
[[nodiscard]] Sinks make_sinks(const cli::Options& options, const RunFacts& facts);

}  // namespace fmrx::app
