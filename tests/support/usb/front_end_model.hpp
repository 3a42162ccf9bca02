// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <span>

#include "base/units.hpp"

namespace fmrx::test {

/// What happens to the band between the antenna and the converter, by gain step: README.md has
/// the model. Levels at the antenna are given as what they come to, in dBFS, at the middle gain.
class FrontEndModel {
 public:
  static constexpr Decibels kMiddleGain{25.4};

  FrontEndModel(SampleRate rate, std::uint64_t seed);

  /// From the antenna to the converter's input, in place; 1.0 is full scale. Without a gain the
  /// tuner's own AGC chooses one.
  void apply(std::span<std::complex<float>> iq, std::optional<Decibels> gain);

  /// Of the tuner at a gain.
  [[nodiscard]] static Decibels noise_figure(Decibels gain);

 private:
  [[nodiscard]] Decibels gain_of_agc(std::span<const std::complex<float>> iq);
  float gaussian();

  double rate_hz_;
  std::uint64_t state_;
  double power_ = 0;  ///< at the middle gain, as the AGC sees it
};

}  // namespace fmrx::test
