// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "support/usb/two_stations.hpp"

namespace fmrx::test {

/// An R820T's.
[[nodiscard]] std::vector<Decibels> tuner_gains();

/// What each gain of the bench dongle makes of two stations, by who knows what was transmitted.
class GainTruth {
 public:
  /// fmrx tunes 300 kHz above the station.
  static constexpr Hertz kCentre{93.0e6};

  GainTruth(SampleRate rate, const TwoLevels& levels);

  /// What the dongle sends at that gain: 0.15 s, cu8.
  [[nodiscard]] std::vector<std::byte> through_front_end(Decibels gain) const;

  /// C/N in dB in the 200 kHz of the station: all that is not the station is noise.
  [[nodiscard]] double cn_db(std::span<const std::byte> sent) const;

 private:
  [[nodiscard]] double channel_power(std::span<const std::complex<double>> iq) const;

  SampleRate rate_;
  std::vector<std::complex<float>> all_;      ///< at the antenna
  std::vector<std::complex<float>> station_;  ///< of that, the station alone, without noise
};

/// C/N in dB by gain in dB.
[[nodiscard]] std::map<double, double> exhaustive_search(SampleRate rate, const TwoLevels& levels);

}  // namespace fmrx::test
