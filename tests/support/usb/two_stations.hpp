// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "base/units.hpp"
#include "sim/station.hpp"

namespace fmrx::test {

/// Levels of two carriers, as simulated levels are counted: at the middle gain.
struct TwoLevels {
  Decibels station;
  Decibels neighbour;
};

inline constexpr Hertz kStation{92.7e6};
inline constexpr Hertz kNeighbour{93.1e6};

/// The band by which a gain is judged: a station and, 400 kHz above it, one that may be far stronger.
inline std::vector<sim::Station> two_stations(const TwoLevels& levels) {
  sim::Station station = sim::fm_band()[4];
  station.frequency = kStation;
  station.level_dbfs = levels.station;
  sim::Station neighbour = sim::fm_band()[8];
  neighbour.frequency = kNeighbour;
  neighbour.level_dbfs = levels.neighbour;
  return {station, neighbour};
}

}  // namespace fmrx::test
