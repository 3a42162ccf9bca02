// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "sink/sound_state.hpp"

namespace fmrx::app {

/// What the status line tells. All times are audio time unless they say so.
struct Status {
  struct Sink {
    std::string name;  ///< short: "play", "x.wav"
    std::chrono::milliseconds buffered{0};
    std::optional<sink::SoundState> sound{};  ///< of one that plays
  };

  /// What the station says of itself: UTF-8 without control characters; empty where nothing is known.
  struct Rds {
    std::string ps;
    std::string type;
    std::string radiotext;
    bool traffic_programme = false;
    bool traffic_announcement = false;
  };

  std::optional<Hertz> station;
  std::optional<Rds> rds;
  std::optional<Decibels> carrier_dbfs;
  std::optional<Decibels> carrier_to_noise;
  bool stereo = false;
  std::optional<Hertz> deviation;  ///< peak, of the multiplex
  std::optional<Hertz> bandwidth;  ///< of the channel filter; nothing: it is open
  double multipath = 0;            ///< amplitude of echoes, as a share of the direct wave's
  std::vector<Sink> sinks;
  std::uint64_t drops = 0;  ///< how often samples were lost
  std::chrono::nanoseconds elapsed{0};
  std::optional<std::chrono::nanoseconds> length;  ///< of all that will be played, if known
  std::chrono::nanoseconds running{0};             ///< wall-clock time since the start
};

/// One line of at most `columns` - 1 characters (in the last column terminals
/// wrap), ASCII but for what the station says. Where it is too narrow for all, what
/// matters least is left out first: the bar, RadioText, deviation and bandwidth, the sinks, the
/// level. Echoes and a narrow filter are shown where there are any.
[[nodiscard]] std::string format_status(const Status& status, std::size_t columns);

}  // namespace fmrx::app
