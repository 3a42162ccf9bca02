// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/units.hpp"
#include "source/source.hpp"

namespace fmrx::source {

struct SimulatorConfig {
  Hertz station{0};                ///< what the tuner is set to: the centre of the samples
  std::optional<SampleRate> rate;  ///< nothing: the cheapest good one
  std::uint64_t seed = 0;
  bool realtime = false;  ///< at the pace of a dongle instead of as fast as it is read
};

/// The simulated band of docs/simulator.md as cf32 samples without end: needs no dongle.
/// Throws fmrx::Error (ExitStatus::usage) for a rate that cannot be simulated.
[[nodiscard]] std::unique_ptr<Source> open_simulator(const SimulatorConfig& config);

}  // namespace fmrx::source
