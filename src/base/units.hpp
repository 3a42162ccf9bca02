// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <cstdint>

namespace fmrx {

/// A physical quantity that does not mix with others. Kernels take plain floats
/// whose names carry the unit; interfaces take one of these.
template <class Tag>
class Quantity {
 public:
  constexpr Quantity() = default;
  explicit constexpr Quantity(double value) : value_(value) {}

  [[nodiscard]] constexpr double value() const { return value_; }

  friend constexpr auto operator<=>(Quantity, Quantity) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value_ + b.value_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value_ - b.value_); }
  constexpr Quantity operator-() const { return Quantity(-value_); }

 private:
  double value_ = 0;
};

using Hertz = Quantity<struct HertzTag>;
using Decibels = Quantity<struct DecibelsTag>;

/// Samples a second. Whole numbers only: every source that fmrx reads counts so,
/// and resampling ratios stay exact fractions.
class SampleRate {
 public:
  explicit constexpr SampleRate(std::uint32_t per_second) : per_second_(per_second) {}

  [[nodiscard]] constexpr std::uint32_t value() const { return per_second_; }
  [[nodiscard]] constexpr double hz() const { return per_second_; }

  friend constexpr auto operator<=>(SampleRate, SampleRate) = default;

 private:
  std::uint32_t per_second_;
};

/// The one audio format inside fmrx: 48 kHz, two channels, interleaved floats,
/// where 1.0 is the audio of 75 kHz deviation (100 % of ITU-R BS.450).
inline constexpr SampleRate kAudioRate{48'000};
inline constexpr unsigned kAudioChannels = 2;
inline constexpr double kFullScaleDeviation_Hz = 75'000;

}  // namespace fmrx
