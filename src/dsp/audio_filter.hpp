// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "dsp/aligned.hpp"
#include "dsp/block_stream.hpp"
#include "dsp/filter_design.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/rate_plan.hpp"
#include "dsp/stereo_demodulator.hpp"

namespace fmrx::dsp {

/// Gain that a signal has when it comes to the audio filter, as a function of its
/// audio frequency in Hz; the filter undoes it.
using Droop = std::function<double(double)>;

/// Time constant of the de-emphasis, ITU-R BS.450-4, 1.3.
enum class Deemphasis : std::uint8_t { none, us50, us75 };

/// Response of the analogue network 1 / (1 + jwt).
[[nodiscard]] std::complex<double> deemphasis_response(Deemphasis deemphasis, double f_hz);

/// Resamples sum and difference from the baseband rate to 48 kHz, by a short low-pass that only
/// stops what would fold onto the audio. Then, at the lower rate, one set of taps does all the rest:
/// the 15 kHz low-pass, the de-emphasis in magnitude and phase, and the inverse of all droop before.
class AudioFilter {
 public:
  /// `earlier_delay_s`: of what comes before; this filter makes the whole delay a whole number
  /// of frames, so that audio of other receivers compares sample by sample.
  AudioFilter(const RatePlan& plan, Deemphasis deemphasis, const Droop& sum_droop,
              const Droop& difference_droop, double earlier_delay_s, const Kernels& kernels,
              std::size_t max_block);

  /// How many older samples must lie before those that process() is given.
  [[nodiscard]] static std::size_t history(const RatePlan& plan);

  /// At most max_block samples in. Gives the frames that are due after `input_samples` samples of the
  /// capture: floor(input_samples * 48000 / rate) in all.
  [[nodiscard]] SumAndDifference process(SumAndDifference in, std::uint64_t input_samples);

  /// Samples of the baseband rate.
  [[nodiscard]] double delay_baseband_samples() const;

  [[nodiscard]] static std::size_t resampler_taps(const RatePlan& plan);
  /// 15 kHz passed and 18.4 kHz stopped by 90 dB, in frames.
  static constexpr std::size_t kShapeTaps = 88;

 private:
  using Taps = AlignedVector<float>;

  void design_resampler();
  [[nodiscard]] Taps design_shape(const LeastSquaresDesign& least_squares, Deemphasis deemphasis,
                                  const Droop& droop) const;
  /// How many frames are due when the capture has come to `input_samples`.
  [[nodiscard]] std::size_t due(std::uint64_t input_samples) const;
  void decimate(SumAndDifference in, std::size_t frames);
  void resample(SumAndDifference in, std::size_t frames);
  [[nodiscard]] float interpolated(const float* window) const;
  [[nodiscard]] std::span<const float> shaped(const Taps& taps, std::span<const float> in, Taps& out);

  const Kernels& kernels_;
  std::uint64_t input_rate_;
  double baseband_hz_;

  // The output's position in baseband samples is a fraction of these two whole
  // numbers, so that it is exact for ever.
  std::uint64_t step_numerator_;
  std::uint64_t step_denominator_;
  std::uint64_t position_numerator_ = 0;  ///< below the denominator
  /// Where the next frame's taps begin, from the next block's first sample.
  std::ptrdiff_t next_;

  std::size_t tap_count_;  ///< of the resampler
  std::size_t phases_;
  /// Taps of the resampler: phase p delays by p / phases_. There is one more to interpolate with.
  std::vector<Taps> bank_;
  double shape_middle_;  ///< of the taps at 48 kHz, where the response has no delay
  Taps sum_shape_;
  Taps difference_shape_;

  std::uint64_t frames_ = 0;
  BlockStream sum_frames_;  ///< resampled
  BlockStream difference_frames_;
  AlignedVector<float> scratch_;
  AlignedVector<float> sum_;
  AlignedVector<float> difference_;
};

}  // namespace fmrx::dsp
