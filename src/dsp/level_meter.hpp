// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "base/units.hpp"
#include "dsp/stream_buffer.hpp"

namespace fmrx::dsp {

/// Carrier and noise in the channel, from the moments of its envelope. A carrier
/// of constant power C in complex Gaussian noise of power N has
///   m2 = E|z|^2 = C + N,   m4 = E|z|^4 = C^2 + 4CN + 2N^2,
/// hence C = sqrt(2 m2^2 - m4).
class LevelMeter {
 public:
  /// `noise_bandwidth` is that of the channel filter.
  LevelMeter(double rate_hz, Hertz noise_bandwidth);

  void process(ComplexView channel);

  [[nodiscard]] Decibels carrier_dbfs() const { return carrier_; }
  /// In 200 kHz; at most 60 dB, where the filter's own ripple ends the method.
  [[nodiscard]] Decibels carrier_to_noise() const { return carrier_to_noise_; }

 private:
  void conclude();

  std::uint64_t window_;
  double noise_in_200_khz_;  ///< share of the noise measured
  std::uint64_t index_ = 0;
  std::uint64_t count_ = 0;
  double second_moment_ = 0;
  double fourth_moment_ = 0;
  Decibels carrier_{-200};
  Decibels carrier_to_noise_{0};
};

}  // namespace fmrx::dsp
