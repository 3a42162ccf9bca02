// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "dsp/aligned.hpp"
#include "dsp/block_stream.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/rate_plan.hpp"

namespace fmrx::dsp {

/// The multiplex for other programs: at a rate that they know, with the discriminator's droop
/// undone, and with room for what exceeds 75 kHz. Resamples by the exact fraction of the rates.
class MultiplexOutput {
 public:
  /// What 1.0 stands for.
  static constexpr Hertz kFullScale{100e3};

  /// Throws fmrx::Error for a rate above that of the multiplex, which would only repeat images.
  MultiplexOutput(SampleRate source, SampleRate output, const Kernels& kernels = best_kernels());

  /// Of FmReceiver::multiplex(); valid until the next call. After n samples in all, ceil(n *
  /// output rate / IF) have come. Allocates only for the longest block so far.
  [[nodiscard]] std::span<const float> process(std::span<const float> multiplex);

  [[nodiscard]] SampleRate rate() const { return rate_; }
  /// Up to here the response is flat, and nothing folds into it.
  [[nodiscard]] double pass_hz() const { return pass_hz_; }
  /// From FmReceiver::multiplex() on, the same for all frequencies.
  [[nodiscard]] double delay_s() const;

 private:
  /// So much of the multiplex goes through at a time.
  static constexpr std::size_t kPiece = 4096;

  void design();
  [[nodiscard]] std::size_t resample(std::span<const float> piece, float* out);
  [[nodiscard]] float filtered(const float* window) const;

  const Kernels& kernels_;
  SampleRate rate_;
  double if_hz_;
  double pass_hz_;
  std::uint64_t step_numerator_;  ///< IF samples an output sample
  std::uint64_t step_denominator_;
  std::int64_t window_ = 0;  ///< the first sample of the next output's window, from the piece's first
  std::uint64_t fraction_numerator_ = 0;  ///< of a sample, by which the output lies later
  std::size_t phases_;
  std::size_t taps_ = 0;
  double middle_ = 0;  ///< samples from a window's first to the instant of its output
  std::vector<AlignedVector<float>> bank_;
  BlockStream in_;
  std::vector<float> out_;
};

}  // namespace fmrx::dsp
