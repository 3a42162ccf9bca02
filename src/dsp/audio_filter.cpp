// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/audio_filter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

/// What would fold onto what the shape lets through.
constexpr double kFolds_Hz = kAudioRate.hz() - kAudioStop_Hz;

/// Kaiser's window, as a low-pass by itself, is the shortest that only stops: by 115 dB, since the
/// shape lifts 15 kHz by up to 19 dB to undo its droop. From kFolds_Hz on it is below its highest
/// side lobe (Kaiser and Schafer, "On the use of the I0-sinh window for spectrum analysis", 1980).
constexpr double kKaiserBeta = 0.12438 * (115 + 6.3);

double resampler_length_s() {
  return std::hypot(1, kKaiserBeta / std::numbers::pi) / kFolds_Hz;
}

/// Least squares err most at the edge of a band: 15 kHz is to lie inside.
constexpr double kPassEdge_Hz = kAudioBandwidth_Hz + 100;

/// Up to so many phases the bank holds each one exactly; beyond, neighbouring
/// phases are interpolated, which is exact within -125 dB.
constexpr std::uint64_t kMostPhases = 512;

/// Squared error in the stop band against squared error in the pass band.
constexpr double kStopWeight = 8;

/// RDS is 57 kHz +-2.4 kHz, at 16.6 kHz and above beside the difference signal. A little weight
/// below the stop band takes 3 dB off what comes through of it. More would bend the pass band.
constexpr double kSoftStop_Hz = 16.8e3;
constexpr double kSoftStopWeight = 2e-7;

double time_constant_s(Deemphasis deemphasis) {
  switch (deemphasis) {
    case Deemphasis::none:
      return 0;
    case Deemphasis::us50:
      return 50e-6;
    case Deemphasis::us75:
      return 75e-6;
  }
  return 0;
}

/// Where the resampler's taps of phase 0 have no delay.
double resampler_middle(std::size_t tap_count) {
  return static_cast<double>(tap_count) / 2 - 1;
}

/// So far before the first sample the first frame's taps begin: then a frame's taps are there when
/// the frame is due, although the signal comes in hops.
std::ptrdiff_t lead_in(const RatePlan& plan) {
  return static_cast<std::ptrdiff_t>(AudioFilter::resampler_taps(plan) + RatePlan::kPilotDecimation - 3);
}

}  // namespace

std::complex<double> deemphasis_response(Deemphasis deemphasis, double f_hz) {
  return 1.0 / std::complex<double>(1, 2 * std::numbers::pi * f_hz * time_constant_s(deemphasis));
}

AudioFilter::AudioFilter(const RatePlan& plan, Deemphasis deemphasis, const Droop& sum_droop,
                         const Droop& difference_droop, double earlier_delay_s, const Kernels& kernels,
                         std::size_t max_block)
    : kernels_(kernels),
      input_rate_(plan.input.value()),
      baseband_hz_(plan.baseband_hz()),
      step_numerator_(plan.input.value()),
      step_denominator_(std::uint64_t{plan.if_decimation} * plan.baseband_decimation * kAudioRate.value()),
      next_(-lead_in(plan)),
      tap_count_(resampler_taps(plan)),
      phases_(0),
      // The de-emphasis trails behind the middle by its time constant.
      shape_middle_(static_cast<double>(kShapeTaps - 1) / 2 +
                    time_constant_s(deemphasis) * kAudioRate.hz() / 2),
      sum_frames_(kShapeTaps - 1, max_block),
      difference_frames_(sum_frames_),
      sum_(max_block + kOutputSlack),
      difference_(sum_.size()) {
  const double frames_late = (earlier_delay_s + delay_baseband_samples() / baseband_hz_) * kAudioRate.hz();
  shape_middle_ += frames_late - std::round(frames_late);

  const std::uint64_t common = std::gcd(step_numerator_, step_denominator_);
  step_numerator_ /= common;
  step_denominator_ /= common;
  phases_ = static_cast<std::size_t>(std::min(step_denominator_, kMostPhases));
  design_resampler();
  const LeastSquaresDesign least_squares({.rate_hz = kAudioRate.hz(),
                                          .pass_hz = kPassEdge_Hz,
                                          .stop_hz = kAudioStop_Hz,
                                          .stop_weight = kStopWeight,
                                          .soft_stop_hz = kSoftStop_Hz,
                                          .soft_stop_weight = kSoftStopWeight},
                                         kShapeTaps);
  sum_shape_ = design_shape(least_squares, deemphasis, sum_droop);
  difference_shape_ = design_shape(least_squares, deemphasis, difference_droop);
  const auto step = static_cast<std::size_t>(step_numerator_ / step_denominator_) + 1;
  scratch_.resize(std::max(FilterJob::scratch_floats(max_block, step, tap_count_),
                           FilterJob::scratch_floats(max_block, 1, kShapeTaps)));
}

void AudioFilter::design_resampler() {
  const double half = resampler_length_s() * baseband_hz_ / 2;
  const double middle = resampler_middle(tap_count_);
  double gain = 0;
  // Interpolation needs a neighbour behind the last phase, too.
  const std::size_t count = phases_ == step_denominator_ ? phases_ : phases_ + 1;
  for (std::size_t phase = 0; phase < count; ++phase) {
    const double fraction = static_cast<double>(phase) / static_cast<double>(phases_);
    std::vector<double> taps;
    for (std::size_t k = 0; k < tap_count_; ++k)
      taps.push_back(kaiser_window_at((static_cast<double>(k) - middle - fraction) / half, kKaiserBeta));
    if (phase == 0) gain = std::accumulate(taps.begin(), taps.end(), 0.0);
    Taps& rounded = bank_.emplace_back();
    for (const double tap : taps) rounded.push_back(static_cast<float>(tap / gain));
  }
}

AudioFilter::Taps AudioFilter::design_shape(const LeastSquaresDesign& least_squares, Deemphasis deemphasis,
                                            const Droop& droop) const {
  // Of phase 0 the last tap is 0, and the others are symmetric.
  const std::vector<double> resampler(bank_.front().begin(), bank_.front().end() - 1);
  const auto wanted = [&](double f_hz) {
    return deemphasis_response(deemphasis, f_hz) /
           (droop(f_hz) * zero_phase_response(resampler, f_hz, baseband_hz_));
  };
  Taps taps;
  for (const double tap : least_squares.taps(wanted, shape_middle_)) taps.push_back(static_cast<float>(tap));
  return taps;
}

/// The low-pass, and one more for its moving with the phase.
std::size_t AudioFilter::resampler_taps(const RatePlan& plan) {
  return static_cast<std::size_t>(std::ceil(resampler_length_s() * plan.baseband_hz())) + 1;
}

/// The frame that is due next when a block begins may lie one step of the output, less than three
/// samples, before what has come.
std::size_t AudioFilter::history(const RatePlan& plan) {
  return static_cast<std::size_t>(lead_in(plan)) + 3;
}

SumAndDifference AudioFilter::process(SumAndDifference in, std::uint64_t input_samples) {
  const std::size_t frames = due(input_samples);
  sum_frames_.begin_block(frames);
  difference_frames_.begin_block(frames);
  if (step_denominator_ == 1)
    decimate(in, frames);
  else
    resample(in, frames);
  frames_ += frames;
  next_ -= static_cast<std::ptrdiff_t>(in.sum.size());
  return {shaped(sum_shape_, sum_frames_.block(), sum_),
          shaped(difference_shape_, difference_frames_.block(), difference_)};
}

/// A frame is due when the capture's clock has passed its end.
std::size_t AudioFilter::due(std::uint64_t input_samples) const {
  return static_cast<std::size_t>(input_samples * kAudioRate.value() / input_rate_ - frames_);
}

void AudioFilter::decimate(SumAndDifference in, std::size_t frames) {
  FilterJob job{};
  job.outputs = frames;
  job.step = static_cast<std::size_t>(step_numerator_);
  job.tap_count = tap_count_;
  job.sets = 1;
  job.taps[0] = bank_.front().data();
  job.scratch = scratch_.data();
  const auto filter = [&](std::span<const float> signal, BlockStream& out) {
    job.x = signal.data() + next_;
    job.out[0] = out.extend(frames).data();
    kernels_.filter(job);
  };
  filter(in.sum, sum_frames_);
  filter(in.difference, difference_frames_);
  next_ += static_cast<std::ptrdiff_t>(frames * job.step);
}

void AudioFilter::resample(SumAndDifference in, std::size_t frames) {
  const std::span<float> sum = sum_frames_.extend(frames);
  const std::span<float> difference = difference_frames_.extend(frames);
  for (std::size_t frame = 0; frame < frames; ++frame) {
    sum[frame] = interpolated(in.sum.data() + next_);
    difference[frame] = interpolated(in.difference.data() + next_);
    position_numerator_ += step_numerator_;
    next_ += static_cast<std::ptrdiff_t>(position_numerator_ / step_denominator_);
    position_numerator_ %= step_denominator_;
  }
}

/// At the present position.
float AudioFilter::interpolated(const float* window) const {
  const auto filtered = [&](std::size_t phase) {
    return kernels_.dot(bank_[phase].data(), window, tap_count_);
  };
  if (phases_ == step_denominator_) return filtered(static_cast<std::size_t>(position_numerator_));
  const double phase = static_cast<double>(position_numerator_) / static_cast<double>(step_denominator_) *
                       static_cast<double>(phases_);
  const auto lower = static_cast<std::size_t>(phase);
  const auto share = static_cast<float>(phase - static_cast<double>(lower));
  const float below = filtered(lower);
  return below + share * (filtered(lower + 1) - below);
}

std::span<const float> AudioFilter::shaped(const Taps& taps, std::span<const float> in, Taps& out) {
  FilterJob job{};
  job.x = in.data() - (kShapeTaps - 1);
  job.outputs = in.size();
  job.step = 1;
  job.tap_count = kShapeTaps;
  job.sets = 1;
  job.taps[0] = taps.data();
  job.scratch = scratch_.data();
  job.out[0] = out.data();
  kernels_.filter(job);
  return {out.data(), in.size()};
}

double AudioFilter::delay_baseband_samples() const {
  const double resampler =
      static_cast<double>(tap_count_ + RatePlan::kPilotDecimation - 3) - resampler_middle(tap_count_);
  return resampler + (static_cast<double>(kShapeTaps - 1) - shape_middle_) * baseband_hz_ / kAudioRate.hz();
}

}  // namespace fmrx::dsp
