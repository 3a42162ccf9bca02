// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/units.hpp"
#include "dsp/stereo_demodulator.hpp"

namespace fmrx::dsp {

/// The last block: L = M + S, R = M - S at 48 kHz, interleaved, without the direct
/// voltage that a carrier offset makes, faded in at the start, at the volume asked.
class StereoMatrix {
 public:
  /// Silent for `silent_frames`, while the filters fill, and one or two milliseconds more.
  StereoMatrix(Decibels volume, std::uint64_t silent_frames);

  /// Two samples out for each of `in`.
  void process(SumAndDifference in, float* out);

  /// Mean of the sum signal, in units of 75 kHz deviation.
  [[nodiscard]] double mean() const { return (left_.mean_of_mean + right_.mean_of_mean) / 2; }

 private:
  /// Frames over which the mean is taken as one number, and moves on to the next.
  static constexpr std::size_t kGroup = 48;

  /// From one group's mean to the next.
  struct StraightLine {
    float from;
    float rise;  ///< over the whole group

    [[nodiscard]] float at(float share) const { return from + rise * share; }
  };

  /// Of one channel.
  struct Mean {
    void conclude_group(double group_mean, double gain);
    [[nodiscard]] StraightLine line() const;

    double mean = 0;
    double mean_of_mean = 0;
    double before = 0;
  };

  using Group = std::span<const float, kGroup>;

  void write(SumAndDifference in, std::size_t in_group, float* out) const;
  void conclude_group(Group sum, Group difference);
  void fade_in(std::span<float> out, std::uint64_t first_frame) const;

  float volume_;
  std::uint64_t first_group_end_;  ///< with a mean known, the audio begins
  std::uint64_t frame_ = 0;
  std::uint64_t groups_ = 0;
  /// Of a group that was cut by the end of a block: what came before.
  std::array<float, kGroup> cut_sum_{};
  std::array<float, kGroup> cut_difference_{};
  Mean left_;
  Mean right_;
};

}  // namespace fmrx::dsp
