// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "rt/task.hpp"
#include "rt/workers.hpp"
#include "source/source.hpp"

namespace fmrx::source {

/// Which dongle: by its serial number if one is given, else by its index.
struct DongleChoice {
  unsigned index = 0;
  std::string serial;
};

/// What to do when a dongle that has streamed is lost.
struct OnLost {
  /// How long to wait for it: not at all, or nothing for as long as it takes.
  std::optional<std::chrono::nanoseconds> patience;
};

struct RtlsdrConfig {
  DongleChoice dongle;
  Hertz station{0};
  SampleRate rate{2'400'000};
  std::optional<Decibels> gain;  ///< the nearest one that the tuner has; nothing: its own AGC
  double ppm = 0;                ///< how far the crystal is off; whole ones count
  bool bias_tee = false;         ///< supply an antenna amplifier while it is open
  OnLost on_lost;
};

/// What can be told of a dongle without opening it for good.
struct DongleInfo {
  unsigned index = 0;
  std::string name;
  std::string serial;  ///< empty where it could not be read: in use, or no permission
};

/// Opens and tunes a dongle. Its oscillator is set beside the station, where the rate leaves
/// room, so that the spike at zero frequency lies outside: see info().centre.
///
/// Threads of its own do all that may block. Throws fmrx::Error: usage for a rate that no
/// dongle has, source for the rest. May be cancelled while it opens.
///
/// A dongle that is lost (unplugged, stalled, or silent for a second) is closed and looked for,
/// by its serial number, every half second; meanwhile the stream goes on with IqBlock::is_gap().
[[nodiscard]] rt::Task<std::unique_ptr<Source>> open_rtlsdr(RtlsdrConfig config);

/// The dongles of this machine.
[[nodiscard]] rt::Task<std::vector<DongleInfo>> list_dongles(rt::Workers& workers);

enum class DongleOpening { open, no_permission, busy, failed };

/// What ails a dongle, as far as it can be found out without its antenna.
struct DongleExamination {
  DongleOpening open = DongleOpening::failed;
  std::string name;
  std::string tuner_error;   ///< what is wrong with the tuner, or with opening it; empty: nothing
  std::string stream_error;  ///< likewise with streaming
  SampleRate rate{2'400'000};
  double samples_per_second = 0;  ///< that have come, by this machine's clock
  double seconds = 0;             ///< for so long
  std::uint64_t gaps = 0;         ///< in the chip's counter, where samples were lost

  [[nodiscard]] bool is_good() const {
    constexpr double kLeastShare = 0.99;
    return open == DongleOpening::open && tuner_error.empty() && stream_error.empty() && gaps == 0 &&
           samples_per_second > kLeastShare * rate.hz();
  }
};

/// Opens a dongle, tunes it, and streams its test counter for some seconds. Never ends where the
/// dongle falls silent: set it a time limit. Throws fmrx::Error where there is no such dongle.
[[nodiscard]] rt::Task<DongleExamination> examine_dongle(DongleChoice dongle, rt::Workers& workers);

/// The gains that a dongle's tuner has. Throws fmrx::Error (source).
[[nodiscard]] rt::Task<std::vector<Decibels>> list_gains(DongleChoice dongle, rt::Workers& workers);

}  // namespace fmrx::source
