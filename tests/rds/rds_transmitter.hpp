// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <random>
#include <utility>
#include <vector>

#include "sim/rds_encoder.hpp"

namespace fmrx::test {

/// The four words of a group, and whether it is of version B is in the second one.
using SentGroup = std::array<std::uint16_t, 4>;

/// A stereo station's multiplex with RDS, its programme silent, as IEC 62106 describes it: 1.0 is
/// 75 kHz of deviation. Every impairment has a switch of its own.
struct RdsSignal {
  double rate_hz = 128'000;
  double deviation_hz = 2'000;  ///< of RDS at the peak of the worst data
  double phase_rad = 0;         ///< of the subcarrier against the third harmonic of the pilot
  double offset_hz = 0;         ///< of the subcarrier from there
  double clock_ppm = 0;         ///< the sampling clock runs fast by this
  double pilot_hz = 6'750;      ///< deviation of the pilot
  double ari_hz = 0;            ///< deviation of an unmodulated carrier at 57 kHz, in quadrature
  double start_s = 0;           ///< of the transmission that has passed at the first sample
  std::function<SentGroup(std::size_t)> groups;
};

inline constexpr double kGroupTime_s = 104 / 1187.5;

/// rms of the modulated subcarrier for a deviation of 1 (peak of the worst data).
inline constexpr double kRdsRms = 0.490;

class RdsTransmitter {
 public:
  explicit RdsTransmitter(RdsSignal signal) : signal_(std::move(signal)) {
    // The shaped impulse of 1.7, sampled 512 times a bit.
    for (int i = -kReach * kSteps; i <= kReach * kSteps; ++i) {
      const double time = static_cast<double>(i) / kSteps;
      shape_.push_back(shaped(time + 0.25) - shaped(time - 0.25));
    }
    double power = 0;
    for (const double value : shape_) power += value * value / kSteps;
    // Bits are independent, so this is the mean power of the data signal.
    scale_ = kRdsRms * std::numbers::sqrt2 / std::sqrt(power);
  }

  /// The next sample.
  [[nodiscard]] float next() {
    const double t =
        static_cast<double>(sample_++) / signal_.rate_hz / (1 + signal_.clock_ppm * 1e-6) + signal_.start_s;
    const double pilot_turns = std::fmod(19'000 * t, 1.0);
    const double offset_turns = std::fmod(signal_.offset_hz * t, 1.0);
    const double subcarrier_rad = 2 * std::numbers::pi * (3 * pilot_turns + offset_turns) + signal_.phase_rad;
    const double sum_hz =
        signal_.pilot_hz * std::sin(2 * std::numbers::pi * pilot_turns) +
        signal_.deviation_hz * scale_ * data(t * 1187.5) * std::sin(subcarrier_rad) +
        signal_.ari_hz * std::cos(2 * std::numbers::pi * 3 * pilot_turns + signal_.phase_rad);
    return static_cast<float>(sum_hz / 75'000);
  }

  /// Leaves samples out, as a receiver does that was too slow.
  void skip(std::size_t samples) { sample_ += samples; }

  [[nodiscard]] SentGroup group(std::size_t index) const { return signal_.groups(index); }

  /// The group that was on the air when the receiver had seen `time_s` of its own clock, at the end of
  /// one of its blocks.
  [[nodiscard]] std::size_t group_at(double time_s) const {
    const double t = time_s / (1 + signal_.clock_ppm * 1e-6) + signal_.start_s;
    return static_cast<std::size_t>(std::max(0.0, std::floor((t - 0.125 * kGroupTime_s) / kGroupTime_s)));
  }

 private:
  static constexpr int kReach = 5;  ///< bits on each side
  static constexpr int kSteps = 512;

  static double shaped(double time) {
    const double x = 8 * time;
    const double pole = 1 - x * x;
    const double shape =
        std::fabs(pole) < 1e-9 ? std::numbers::pi / 4 : std::cos(std::numbers::pi * x / 2) / pole;
    const double taper = std::fabs(time) < kReach ? std::cos(std::numbers::pi * time / (2 * kReach)) : 0;
    return shape * taper * taper;
  }

  /// The data signal, `bits` after the start; bit n has its middle at n + 1/2.
  [[nodiscard]] double data(double bits) {
    const auto newest = static_cast<std::int64_t>(std::floor(bits)) + kReach;
    while (encoded_ <= newest) encode();
    double sum = 0;
    for (std::int64_t bit = std::max<std::int64_t>(newest - 2 * kReach, 0); bit <= newest; ++bit) {
      const double step = (bits - static_cast<double>(bit) - 0.5 + kReach) * kSteps;
      if (step < 0 || step >= static_cast<double>(shape_.size() - 1)) continue;
      const auto at = static_cast<std::size_t>(step);
      const double share = step - static_cast<double>(at);
      const double value = shape_[at] + share * (shape_[at + 1] - shape_[at]);
      sum += symbols_[static_cast<std::size_t>(bit) % symbols_.size()] * value;
    }
    return sum;
  }

  void encode() {
    const auto index = static_cast<std::size_t>(encoded_);
    if (index % 104 == 0) {
      const SentGroup words = signal_.groups(index / 104);
      const bool version_b = (words[1] >> 11 & 1U) != 0;
      const std::array offsets{sim::RdsOffset::a, sim::RdsOffset::b,
                               version_b ? sim::RdsOffset::c_prime : sim::RdsOffset::c, sim::RdsOffset::d};
      for (std::size_t i = 0; i < 4; ++i) blocks_[i] = sim::rds_block(words[i], offsets[i]);
    }
    const std::uint32_t block = blocks_[index % 104 / 26];
    last_ = last_ != ((block >> (25 - index % 26) & 1U) != 0);
    symbols_[index % symbols_.size()] = last_ ? 1.0 : -1.0;
    ++encoded_;
  }

  RdsSignal signal_;
  std::vector<double> shape_;
  double scale_ = 1;
  std::uint64_t sample_ = 0;
  std::int64_t encoded_ = 0;
  bool last_ = false;
  std::array<std::uint32_t, 4> blocks_{};
  std::array<double, 64> symbols_{};
};

/// Turns by which a carrier goes on from one sample to the next for 1 on the multiplex. A real
/// transmitter's phase is the integral over that time, which is less by this sinc at 57 kHz, and so is
/// the noise behind a discriminator.
[[nodiscard]] inline double turns_per_unit(double rate_hz) {
  const double x = std::numbers::pi * 57e3 / rate_hz;
  return 75e3 / rate_hz * std::sin(x) / x;
}

/// rms of white noise on a multiplex, 1.0 = 75 kHz, that around 57 kHz is what a discriminator makes of
/// this C/N0: (57 kHz)^2 N0/C, in Hz^2 a hertz.
[[nodiscard]] inline double multiplex_noise_rms(double cn0_db_hz, double rate_hz) {
  return std::sqrt(57e3 * 57e3 * std::pow(10, -cn0_db_hz / 10) * rate_hz / 2) / 75e3;
}

/// Words at random, but for PI and what tells the type of group: nothing repeats.
[[nodiscard]] inline SentGroup random_group(std::uint16_t pi, std::size_t index) {
  std::mt19937_64 generator(index * 0x9E3779B97F4A7C15U + pi);
  const std::uint64_t bits = generator();
  const auto second = static_cast<std::uint16_t>(bits);
  const bool version_b = (second >> 11 & 1U) != 0;
  return {pi, second, version_b ? pi : static_cast<std::uint16_t>(bits >> 16),
          static_cast<std::uint16_t>(bits >> 32)};
}

/// PS and RadioText in turn, four and sixteen segments: a station that says the same for ever.
[[nodiscard]] inline SentGroup steady_group(std::uint16_t pi, std::size_t index) {
  const auto pair = [](std::size_t n) {
    return static_cast<std::uint16_t>((0x41 + n % 26) << 8 | (0x61 + n * 7 % 26));
  };
  const std::size_t turn = index / 2;
  if (index % 2 == 0) {
    const std::size_t segment = turn % 4;
    return {pi, static_cast<std::uint16_t>(0x0548 | segment), pair(40 + turn % 3), pair(segment)};
  }
  const std::size_t segment = turn % 16;
  return {pi, static_cast<std::uint16_t>(0x2540 | segment), pair(10 + 2 * segment), pair(11 + 2 * segment)};
}

}  // namespace fmrx::test
