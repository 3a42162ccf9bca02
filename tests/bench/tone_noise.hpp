// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "support/tone.hpp"

namespace fmrx::bench {

/// What the curves' stations send.
inline constexpr double kTone_Hz = 1000;

inline constexpr std::size_t kPoints = 4800;  ///< of a spectrum: bins of 10 Hz
inline constexpr double kBin_Hz = kAudioRate.hz() / static_cast<double>(kPoints);
inline constexpr std::size_t kMainLobe = 5;  ///< bins beside a line that the window makes of it

/// Power at bin * kBin_Hz, in units that all bins share.
inline double power(std::span<const double> windowed, std::size_t bin) {
  const std::complex<double> turn =
      std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(bin) / static_cast<double>(kPoints));
  std::complex<double> sum = 0;
  for (std::size_t n = windowed.size(); n-- > 0;) sum = sum * turn + windowed[n];
  return std::norm(sum);
}

/// The tone and its harmonics are no noise.
inline bool near_a_line(std::size_t bin) {
  const auto tone = static_cast<std::size_t>(kTone_Hz / kBin_Hz);
  const std::size_t from_line = bin % tone;
  return from_line <= kMainLobe || from_line >= tone - kMainLobe;
}

/// Tone over noise from 20 Hz to 15 kHz, unweighted, without harmonics.
inline double snr_db(const std::vector<double>& left) {
  const std::vector<double> window = test::blackman_harris(kPoints);
  const auto tone_bin = static_cast<std::size_t>(kTone_Hz / kBin_Hz);
  const auto last_bin = static_cast<std::size_t>(15e3 / kBin_Hz);
  double signal = 0;
  double noise = 0;
  for (std::size_t at = 0; at + kPoints <= left.size(); at += kPoints / 2) {
    std::vector<double> windowed(kPoints);
    for (std::size_t n = 0; n < kPoints; ++n) windowed[n] = window[n] * left[at + n];
    for (std::size_t bin = tone_bin - kMainLobe; bin <= tone_bin + kMainLobe; ++bin)
      signal += power(windowed, bin);
    std::size_t counted = 0;
    double sum = 0;
    for (std::size_t bin = kMainLobe + 2; bin <= last_bin; ++bin) {
      if (near_a_line(bin)) continue;
      sum += power(windowed, bin);
      ++counted;
    }
    noise += sum * static_cast<double>(last_bin) / static_cast<double>(counted);
  }
  return 10 * std::log10(signal / noise);
}

}  // namespace fmrx::bench
