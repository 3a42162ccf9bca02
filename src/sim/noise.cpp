// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/noise.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "sim/turn_sincos.hpp"

namespace fmrx::sim {

namespace {

/// log2 of a normal positive float, right to 4e-7: exponent plus a Chebyshev fit
/// over the significand.
float log2_approximation(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23) - 127);
  const float significand = std::bit_cast<float>((bits & 0x7FFFFFU) | 0x3F800000U);
  const float x = 2 * significand - 3;
  const float fraction =
      5.8496276533e-01F +
      x * (4.8089798585e-01F +
           x * (-8.0158083176e-02F +
                x * (1.7815796271e-02F +
                     x * (-4.4118547297e-03F +
                          x * (1.1707167973e-03F + x * (-3.9255005134e-04F + x * 1.1545875599e-04F))))));
  return exponent + fraction;
}

}  // namespace

std::uint64_t SplitMix64::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

GaussianNoise::GaussianNoise(std::uint64_t seed, float sigma) : sigma_(sigma) {
  SplitMix64 seeds(seed);
  for (Lanes& word : state_) {
    for (std::uint32_t& lane : word) lane = static_cast<std::uint32_t>(seeds.next() >> 32);
  }
}

GaussianNoise::Lanes GaussianNoise::next() {
  Lanes result;
  auto& [s0, s1, s2, s3] = state_;
  for (std::size_t i = 0; i < kLanes; ++i) {
    result[i] = std::rotl(s0[i] + s3[i], 7) + s0[i];
    const std::uint32_t shifted = s1[i] << 9;
    s2[i] ^= s0[i];
    s3[i] ^= s1[i];
    s1[i] ^= s2[i];
    s0[i] ^= s3[i];
    s2[i] ^= shifted;
    s3[i] = std::rotl(s3[i], 11);
  }
  return result;
}

void GaussianNoise::add_to(std::span<float> in_phase, std::span<float> quadrature) {
  constexpr float kTwoLn2 = 2 * std::numbers::ln2_v<float>;
  for (std::size_t n = 0; n < in_phase.size(); n += kLanes) {
    const Lanes magnitudes = next();
    const Lanes angles = next();
    std::array<float, kLanes> i_noise;
    std::array<float, kLanes> q_noise;
    for (std::size_t i = 0; i < kLanes; ++i) {
      const float uniform =
          (static_cast<float>(static_cast<std::int32_t>(magnitudes[i] >> 9)) + 0.5F) * 0x1p-23F;
      const float radius = sigma_ * std::sqrt(kTwoLn2 * std::max(-log2_approximation(uniform), 0.0F));
      const SinCos unit = sincos_of_turn(angles[i]);
      i_noise[i] = radius * unit.cos;
      q_noise[i] = radius * unit.sin;
    }
    const std::size_t count = std::min(kLanes, in_phase.size() - n);
    for (std::size_t i = 0; i < count; ++i) in_phase[n + i] += i_noise[i];
    for (std::size_t i = 0; i < count; ++i) quadrature[n + i] += q_noise[i];
  }
}

}  // namespace fmrx::sim
