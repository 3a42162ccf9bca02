// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "dsp/block_stream.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/oscillator.hpp"

namespace fmrx::dsp {

/// Takes the receiver's own spike, which is at the capture's 0 Hz, out of the IF: a notch of
/// less than 1 Hz. Not for a station in the middle, whose carrier would be there, and not
/// where the spike is outside what the tuner passes.
class SpikeNotch {
 public:
  /// `offset` is the station's, so that the spike is at -offset in the IF.
  SpikeNotch(const Kernels& kernels, double if_hz, Hertz offset);

  void process(ComplexRoom signal);

 private:
  /// Oscillator samples from one exactly computed phase, which the mean is learnt over, too.
  static constexpr std::size_t kGroup = 1024;

  /// Sums beside each other: the sample's place in its group says which it goes to.
  static constexpr std::size_t kLanes = kMostLanes;
  static_assert(kGroup % kLanes == 0);

  void take(ComplexRoom part, std::size_t in_group, std::complex<float> spike);
  void take_rows(float* re, float* im, std::size_t rows, std::size_t in_group, std::complex<float> spike);
  void take_part_of_row(ComplexRoom part, std::size_t in_group, std::complex<float> spike);
  void conclude_group();

  const Kernels& kernels_;
  bool works_;
  TurnCounter turns_;
  std::int64_t samples_ = 0;
  std::uint64_t longest_memory_;
  std::uint64_t groups_ = 0;
  std::complex<double> mean_;
  std::array<float, kLanes> sum_re_{};
  std::array<float, kLanes> sum_im_{};
  std::vector<float> cos_;
  std::vector<float> sin_;
};

}  // namespace fmrx::dsp
