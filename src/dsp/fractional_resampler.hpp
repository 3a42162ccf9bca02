// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "dsp/block_stream.hpp"

namespace fmrx::dsp {

/// Takes 48 kHz interleaved stereo to another rate, whose ratio may be changed at any time by
/// fractions of a per mille: what lies between two clocks. Audio up to 15 kHz, or to 0.42 of the
/// output rate if that is less, is kept within -100 dB; so are its images and aliases out.
class FractionalResampler {
 public:
  FractionalResampler(SampleRate output, std::size_t max_block_frames);

  /// From the next block on, one in `million` fewer frames come out: `faster` parts per million,
  /// -10,000 to +10,000, by which the audio is used up faster than the nominal rates say.
  void set_speed(double faster_ppm);

  /// Frames, interleaved, of `in`, at most max_block_frames. Valid until the next call.
  [[nodiscard]] std::span<const float> process(std::span<const float> in);

  /// Of the audio through it, in seconds.
  [[nodiscard]] double delay_s() const;

 private:
  /// The next frame, from the block that begins at `block` and what came before it.
  void interpolate(const float* block, float* frame);

  double nominal_step_;  ///< input frames an output frame
  std::int64_t step_;
  std::size_t taps_;
  std::int64_t position_ = 0;  ///< where the next frame's window begins, from the block's first frame
  std::vector<float> bank_;    ///< kPhases + 1 sets of taps; set p is for a position p / kPhases on
  std::vector<float> interpolated_;
  BlockStream in_;
  std::vector<float> out_;
};

}  // namespace fmrx::dsp
