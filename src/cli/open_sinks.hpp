// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "cli/options.hpp"
#include "sink/recording_sink.hpp"
#include "sink/sink.hpp"

namespace fmrx::cli {

/// What a recording needs to know of the run beside the options.
struct RunFacts {
  bool live = false;    ///< the source comes at its own pace
  std::string station;  ///< for people: "92.7 MHz"
  std::shared_ptr<sink::StationNotes> notes;
  sink::FileFinished file_finished;
};

/// The sinks that the options name, not yet open.
[[nodiscard]] std::vector<std::unique_ptr<sink::Sink>> make_sinks(const Options& options,
                                                                  const RunFacts& facts);

}  // namespace fmrx::cli
