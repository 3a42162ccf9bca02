// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/units.hpp"
#include "sim/pieces.hpp"

namespace fmrx::sim {

/// What a station says of itself by RDS (IEC 62106).
struct RdsIdentity {
  std::uint16_t pi;
  std::uint8_t pty;
  bool traffic_programme;
  std::string_view ps;                    ///< at most 8 characters
  std::string_view radiotext;             ///< at most 64 characters
  std::span<const Hertz> alternatives{};  ///< at most 25
};

/// A transmitter as the aerial hears it.
struct Station {
  Hertz frequency;
  Decibels level_dbfs;  ///< of the carrier; 0 is |I + jQ| = 1
  bool stereo;
  const Piece* piece;
  std::optional<RdsIdentity> rds;
};

/// Noise in 200 kHz. A station's carrier-to-noise ratio is its level less this.
inline constexpr Decibels kNoiseFloor_dBFS{-85};
inline constexpr Hertz kNoiseBandwidth{200'000};

/// The band that docs/simulator.md describes, in order of frequency.
[[nodiscard]] std::span<const Station> fm_band();

/// Deviations that BS.450 and IEC 62106 leave to the broadcaster.
inline constexpr double kPilotDeviation_Hz = 6'750;
inline constexpr double kRdsDeviation_Hz = 2'000;

}  // namespace fmrx::sim
