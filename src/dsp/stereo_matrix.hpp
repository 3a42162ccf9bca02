// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "dsp/stereo_demodulator.hpp"

namespace fmrx::dsp {

/// The last block: L = M + S, R = M - S at 48 kHz, interleaved, without the direct
/// voltage that a carrier offset makes, faded in at the start, at the volume asked.
class StereoMatrix {
 public:
  /// Silent for `silent_frames`, while the filters fill.
  StereoMatrix(Decibels volume, std::uint64_t silent_frames, std::size_t max_frames);

  [[nodiscard]] std::span<const float> process(SumAndDifference in);

  /// Mean of the sum signal, in units of 75 kHz deviation.
  [[nodiscard]] double mean() const { return (left_.mean_of_mean + right_.mean_of_mean) / 2; }

 private:
  struct Mean {
    void follow(double x, double gain);

    double mean = 0;
    double mean_of_mean = 0;
  };

  /// From 0 (still silent) to 1, a raised cosine over 10 ms.
  [[nodiscard]] double fade_in(std::uint64_t frame) const;

  double volume_;
  std::uint64_t silent_frames_;
  std::uint64_t frame_ = 0;
  Mean left_;
  Mean right_;
  std::vector<float> out_;
};

}  // namespace fmrx::dsp
