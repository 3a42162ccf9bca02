// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace fmrx::sim {

/// Numbers from a seed, the start of every generator here (Steele, Lea, Flood 2014).
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();

 private:
  std::uint64_t state_;
};

/// White Gaussian noise, the same for the same seed: xoshiro128++ (Blackman,
/// Vigna 2019) in 32 lanes, then Box and Muller. No sample exceeds 5.8 sigma.
class GaussianNoise {
 public:
  /// sigma: of each of the two components.
  GaussianNoise(std::uint64_t seed, float sigma);

  /// Adds the next samples. They are drawn 32 at a time; the rest of the last
  /// draw is dropped.
  void add_to(std::span<float> in_phase, std::span<float> quadrature);

 private:
  static constexpr std::size_t kLanes = 32;
  using Lanes = std::array<std::uint32_t, kLanes>;

  Lanes next();

  std::array<Lanes, 4> state_{};
  float sigma_;
};

}  // namespace fmrx::sim
