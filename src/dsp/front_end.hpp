// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/iq.hpp"
#include "dsp/oscillator.hpp"
#include "dsp/rate_plan.hpp"
#include "dsp/stream_buffer.hpp"

namespace fmrx::dsp {

/// Raw IQ to planar floats with the station at 0 Hz, at the input's rate. Full
/// scale is 1.0. Samples that are not numbers, or absurdly large, become zero.
class FrontEnd {
 public:
  FrontEnd(const RatePlan& plan, Hertz offset, std::size_t max_block);

  /// `iq` holds at most max_block samples.
  [[nodiscard]] ComplexView process(IqView iq);

  /// Samples taken since the start.
  [[nodiscard]] std::uint64_t samples() const { return samples_; }
  /// Share of samples at full scale, over the last tenth of a second.
  [[nodiscard]] double clip_rate() const { return clip_rate_; }

 private:
  /// Oscillator samples from one exactly computed phase.
  static constexpr std::size_t kRestart = 256;

  void convert(IqView iq);
  void remove_mean(std::size_t count);
  void mix(std::size_t count);
  void count_clips(std::size_t count);

  std::vector<float> i_;
  std::vector<float> q_;

  // The mean is the receiver's own spike at 0 Hz. It is left alone when it cannot
  // be told from the station's carrier (station centred) and when the channel
  // filter removes it (station far off).
  bool removes_mean_;
  struct Mean {
    double i = 0, q = 0;
  };
  Mean mean_;
  Mean sum_;
  std::uint64_t mean_groups_ = 0;
  std::uint64_t longest_mean_groups_;

  TurnCounter turns_;
  bool mixes_;
  std::vector<float> cos_;
  std::vector<float> sin_;

  std::uint64_t samples_ = 0;

  std::uint64_t clip_window_;
  std::uint64_t in_clip_window_ = 0;
  std::uint64_t clipped_ = 0;
  double clip_rate_ = 0;
};

}  // namespace fmrx::dsp
