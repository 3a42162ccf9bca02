// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>

namespace fmrx::dsp {

/// Rounds towards minus infinity: before the first sample there is silence, at negative indices.
constexpr std::int64_t floor_multiple(std::int64_t index, std::int64_t of) {
  const std::int64_t rest = index % of;
  return index - (rest < 0 ? rest + of : rest);
}

/// A phase that never drifts: whole 2^-64 turns, counted modulo one turn.
class TurnCounter {
 public:
  /// Advances by `cycles_per_sample` each sample; any sign, below one half.
  explicit TurnCounter(double cycles_per_sample)
      : step_(static_cast<std::uint64_t>(std::llrint(cycles_per_sample * 0x1p63) * 2)) {}

  /// Phase of sample `index` in radians, -pi to pi.
  [[nodiscard]] double radians(std::int64_t index) const {
    const auto turns = static_cast<std::int64_t>(step_ * static_cast<std::uint64_t>(index));
    return static_cast<double>(turns) * (std::numbers::pi * 0x1p-63);
  }

  [[nodiscard]] std::complex<double> phasor(std::int64_t index) const {
    return std::polar(1.0, radians(index));
  }

 private:
  std::uint64_t step_;
};

}  // namespace fmrx::dsp
