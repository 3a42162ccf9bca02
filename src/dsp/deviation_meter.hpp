// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "dsp/fir.hpp"

namespace fmrx::dsp {

/// Peak deviation of the multiplex up to 60 kHz, over tenths of a second: half the
/// span between its extremes, so that a carrier offset does not count. Noise above
/// the multiplex would hide the peaks, hence the low-pass; it is evaluated at some
/// 30,000 instants a second, which catch a peak within a few percent.
class DeviationMeter {
 public:
  DeviationMeter(const Kernels& kernels, double rate_hz, std::size_t max_block);

  /// How many older samples must lie before those that process() is given.
  [[nodiscard]] std::size_t history() const { return low_pass_.history(); }
  void process(std::span<const float> multiplex);

  [[nodiscard]] Hertz peak() const { return peak_; }

 private:
  void take(std::span<const float> instants);
  void conclude_window();
  void begin_window();

  std::size_t step_;
  std::uint64_t window_;
  Fir low_pass_;
  std::vector<float> instants_;
  std::uint64_t count_ = 0;
  float highest_;
  float lowest_;
  Hertz peak_{0};
};

}  // namespace fmrx::dsp
