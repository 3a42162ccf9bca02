// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dsp/block_stream.hpp"
#include "dsp/fir.hpp"
#include "dsp/rate_plan.hpp"

namespace fmrx::dsp {

/// The multiplex at baseband rate: its lower part, which holds the sum signal and
/// the pilot, and the part around 38 kHz, which holds the difference signal. Both
/// went through the same low-pass, so they share delay and droop.
struct MultiplexBands {
  std::span<const float> sum;
  /// Around 38 kHz, but still turning: sample m must be multiplied by
  /// exp(-j 2 pi 38 kHz m / baseband rate) to stand.
  ComplexView difference;

  [[nodiscard]] MultiplexBands from(std::size_t first) const {
    return {sum.subspan(first), {difference.re.subspan(first), difference.im.subspan(first)}};
  }
};

/// Splits the multiplex and decimates from the IF rate to the baseband rate. The
/// 38 kHz oscillator is folded into the taps.
class MultiplexSplitter {
 public:
  /// `history`: how many samples of the bands the next stages need from before those that process()
  /// gives.
  MultiplexSplitter(const RatePlan& plan, const Kernels& kernels, std::size_t max_block,
                    std::size_t history = 0);

  /// How many older samples must lie before those that process() is given.
  [[nodiscard]] std::size_t history() const { return bands_.history(); }
  /// A new block, of at most `most` samples of the multiplex in all.
  void begin_block(std::size_t most);
  /// At most max_block samples of the block. Valid until the next block begins.
  MultiplexBands process(std::span<const float> multiplex);
  /// What process() gave in all of the block.
  [[nodiscard]] MultiplexBands block() const;

  /// Gain of the low-pass at f (for the difference signal: from 38 kHz).
  [[nodiscard]] double droop(double f_hz) const;
  /// Samples of the IF rate.
  [[nodiscard]] double delay_if_samples() const;
  [[nodiscard]] std::size_t max_output() const { return bands_.max_output(); }

 private:
  double if_hz_;
  std::vector<double> low_pass_;
  Fir bands_;
  BlockStream sum_;
  BlockStream difference_re_;
  BlockStream difference_im_;
};

}  // namespace fmrx::dsp
