// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace fmrx::sink {

/// What a sink that plays can tell of its card.
struct SoundState {
  bool playing = false;         ///< false: the card has gone, and is looked for
  std::uint64_t underruns = 0;  ///< how often audio broke off
  /// From the antenna until it is heard; nothing while it is not known, or not fixed.
  std::optional<std::chrono::milliseconds> latency;
  /// By how much the source's clock is faster than the card's; nothing if the card sets the pace.
  std::optional<double> drift_ppm;
};

}  // namespace fmrx::sink
