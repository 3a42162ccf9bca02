// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dsp/block_stream.hpp"
#include "dsp/fir.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/multiplex_splitter.hpp"
#include "dsp/oscillator.hpp"
#include "dsp/pilot_loop.hpp"
#include "dsp/rate_plan.hpp"

namespace fmrx::dsp {

enum class StereoMode : std::uint8_t {
  automatic,  ///< stereo while the pilot is well above the noise
  mono,
  stereo,  ///< stereo while there is a pilot at all
};

/// Sum and difference signal at one rate, both with the same delay.
struct SumAndDifference {
  std::span<const float> sum;
  std::span<const float> difference;
};

/// Recovers the pilot and demodulates the difference signal with it, coherently.
/// Works in hops of RatePlan::kPilotDecimation samples, one sample of the pilot
/// loop each; the pilot's phase is interpolated in between.
///
/// The multiplex is M + S sin(2wt + 2a) + p sin(wt + a) (ITU-R BS.450-4, 2.2).
/// Mixed to 0 Hz, the pilot is (p/2j) exp(ja), of phase b = a - pi/2, and the
/// difference band z = (S/2j) exp(2ja) = (jS/2) exp(2jb). So S = 2 Im(z exp(-2jb)).
class StereoDemodulator {
 public:
  /// `history`: how many samples the next stage needs from before those that process() gives.
  StereoDemodulator(const RatePlan& plan, StereoMode mode, const Kernels& kernels, std::size_t max_block,
                    std::size_t history = 0);

  /// How many older samples must lie before those that process() is given; and what the next stage
  /// needs of the sum.
  [[nodiscard]] static std::size_t history(const RatePlan& plan);

  /// At most max_block samples in. The sum is the bands' own, delayed; the difference is valid until
  /// the next call.
  [[nodiscard]] SumAndDifference process(const MultiplexBands& bands);

  /// Samples of the baseband rate.
  [[nodiscard]] std::size_t delay_samples() const { return pilot_filter_.history() / 2; }
  [[nodiscard]] std::size_t max_output() const { return max_output_; }

  [[nodiscard]] bool pilot_locked() const { return loop_.locked(); }
  [[nodiscard]] bool stereo() const { return stereo_; }
  /// 1.0 = 75 kHz, still with the baseband's droop.
  [[nodiscard]] double pilot_amplitude() const { return loop_.amplitude(); }

 private:
  static constexpr std::size_t kHop = RatePlan::kPilotDecimation;

  /// Hops for which the nominal pilot is turned on from one exact phase.
  static constexpr std::int64_t kRun = 64;

  void follow_pilot(std::complex<double> folded);
  void demodulate(const float* re, const float* im, float* out);
  [[nodiscard]] float fade_after_hop();
  [[nodiscard]] bool stereo_wanted() const;

  const Kernels& kernels_;
  StereoMode mode_;
  TurnCounter pilot_turns_;
  Fir pilot_filter_;
  std::vector<float> pilot_re_;  ///< filtered, still turned by the oscillator in the taps
  std::vector<float> pilot_im_;
  std::vector<std::complex<double>> hop_turns_;    ///< the pilot from the first hop of a run
  std::complex<double> run_start_{1, 0};           ///< the pilot at the first hop of this run
  std::complex<double> to_start_;                  ///< turns the pilot from a hop's end to its start
  std::complex<double> nominal_subcarrier_{1, 0};  ///< 38 kHz at the start of the hop
  std::vector<float> hop_cos_;                     ///< the subcarrier from the start of a hop
  std::vector<float> hop_sin_;
  std::vector<float> hop_share_;  ///< of the way from one pilot sample to the next

  std::size_t max_output_;
  std::size_t in_hop_ = 0;  ///< samples of the hop that has begun
  std::int64_t hop_ = 0;
  std::int64_t settling_hops_;
  PilotLoop loop_;
  /// exp(2jb) of this hop's pilot sample, and the one before.
  std::complex<double> now_{1, 0};
  std::complex<double> earlier_{1, 0};
  bool stereo_ = false;
  float fade_ = 0;
  float fade_step_;

  BlockStream difference_;
};

}  // namespace fmrx::dsp
