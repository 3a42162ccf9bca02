// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/audio_filter.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

/// Length of the taps: 15 kHz passed and 18.4 kHz stopped by 90 dB take about this long at
/// any rate.
constexpr double kLength_s = 2.0e-3;

/// Least squares err most at the edge of a band: 15 kHz is to lie inside.
constexpr double kPassEdge_Hz = kAudioBandwidth_Hz + 150;

/// Up to so many phases the bank holds each one exactly; beyond, neighbouring
/// phases are interpolated, which is exact within -125 dB.
constexpr std::uint64_t kMostPhases = 512;

/// Squared error in the stop band against squared error in the pass band.
constexpr double kStopWeight = 8;

/// RDS is 57 kHz +-2.4 kHz, at 16.6 kHz and above beside the difference signal. A little weight
/// below the stop band takes 5 dB off what comes through of it. More would make the phases of the
/// resampler differ, which is distortion.
constexpr double kSoftStop_Hz = 16.8e3;
constexpr double kSoftStopWeight = 1e-7;

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

std::size_t tap_count(const RatePlan& plan) {
  return static_cast<std::size_t>(std::ceil(kLength_s * plan.baseband_hz()));
}

/// So far before the first sample the first frame's taps begin: then a frame's taps are there when
/// the frame is due, although the signal comes in hops.
std::ptrdiff_t lead_in(const RatePlan& plan) {
  return static_cast<std::ptrdiff_t>(tap_count(plan) + RatePlan::kPilotDecimation - 3);
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
      step_numerator_(plan.input.value()),
      step_denominator_(std::uint64_t{plan.if_decimation} * plan.baseband_decimation * kAudioRate.value()),
      next_(-lead_in(plan)),
      taps_(tap_count(plan)),
      // The de-emphasis trails behind the middle by its time constant.
      middle_(static_cast<double>(taps_ - 1) / 2 + time_constant_s(deemphasis) * plan.baseband_hz() / 2),
      phases_(0),
      sum_(max_block + kOutputSlack),
      difference_(sum_.size()) {
  const double frames_late =
      (earlier_delay_s + delay_baseband_samples() / plan.baseband_hz()) * kAudioRate.hz();
  middle_ += (frames_late - std::round(frames_late)) * plan.baseband_hz() / kAudioRate.hz();

  const std::uint64_t common = std::gcd(step_numerator_, step_denominator_);
  step_numerator_ /= common;
  step_denominator_ /= common;
  phases_ = static_cast<std::size_t>(std::min(step_denominator_, kMostPhases));
  const LeastSquaresDesign least_squares({.rate_hz = plan.baseband_hz(),
                                          .pass_hz = kPassEdge_Hz,
                                          .stop_hz = kAudioStop_Hz,
                                          .stop_weight = kStopWeight,
                                          .soft_stop_hz = kSoftStop_Hz,
                                          .soft_stop_weight = kSoftStopWeight},
                                         taps_);
  sum_bank_ = design(least_squares, deemphasis, sum_droop);
  difference_bank_ = design(least_squares, deemphasis, difference_droop);
  if (step_denominator_ == 1)
    scratch_.resize(FilterJob::scratch_floats(max_block, static_cast<std::size_t>(step_numerator_), taps_));
}

AudioFilter::Bank AudioFilter::design(const LeastSquaresDesign& least_squares, Deemphasis deemphasis,
                                      const Droop& droop) const {
  const auto wanted = [&](double f_hz) { return deemphasis_response(deemphasis, f_hz) / droop(f_hz); };
  Bank bank;
  // Interpolation needs a neighbour behind the last phase, too.
  const std::size_t count = phases_ == step_denominator_ ? phases_ : phases_ + 1;
  for (std::size_t phase = 0; phase < count; ++phase) {
    const double fraction = static_cast<double>(phase) / static_cast<double>(phases_);
    AlignedVector<float>& taps = bank.emplace_back();
    for (const double tap : least_squares.taps(wanted, middle_ + fraction))
      taps.push_back(static_cast<float>(tap));
  }
  return bank;
}

/// The frame that is due next when a block begins may lie one step of the output, less than three
/// samples, before what has come.
std::size_t AudioFilter::history(const RatePlan& plan) {
  return static_cast<std::size_t>(lead_in(plan)) + 3;
}

SumAndDifference AudioFilter::process(SumAndDifference in, std::uint64_t input_samples) {
  const std::size_t frames = due(input_samples);
  if (step_denominator_ == 1)
    decimate(in, frames);
  else
    resample(in, frames);
  frames_ += frames;
  next_ -= static_cast<std::ptrdiff_t>(in.sum.size());
  return {{sum_.data(), frames}, {difference_.data(), frames}};
}

/// A frame is due when the capture's clock has passed its end.
std::size_t AudioFilter::due(std::uint64_t input_samples) const {
  return static_cast<std::size_t>(input_samples * kAudioRate.value() / input_rate_ - frames_);
}

void AudioFilter::decimate(SumAndDifference in, std::size_t frames) {
  FilterJob job{};
  job.outputs = frames;
  job.step = static_cast<std::size_t>(step_numerator_);
  job.tap_count = taps_;
  job.sets = 1;
  job.scratch = scratch_.data();
  const auto filter = [&](const Bank& bank, std::span<const float> signal, AlignedVector<float>& out) {
    job.x = signal.data() + next_;
    job.taps[0] = bank.front().data();
    job.out[0] = out.data();
    kernels_.filter(job);
  };
  filter(sum_bank_, in.sum, sum_);
  filter(difference_bank_, in.difference, difference_);
  next_ += static_cast<std::ptrdiff_t>(frames * job.step);
}

void AudioFilter::resample(SumAndDifference in, std::size_t frames) {
  for (std::size_t frame = 0; frame < frames; ++frame) {
    sum_[frame] = interpolated(sum_bank_, in.sum.data() + next_);
    difference_[frame] = interpolated(difference_bank_, in.difference.data() + next_);
    position_numerator_ += step_numerator_;
    next_ += static_cast<std::ptrdiff_t>(position_numerator_ / step_denominator_);
    position_numerator_ %= step_denominator_;
  }
}

float AudioFilter::interpolated(const Bank& bank, const float* window) const {
  const auto filtered = [&](std::size_t phase) { return kernels_.dot(bank[phase].data(), window, taps_); };
  if (phases_ == step_denominator_) return filtered(static_cast<std::size_t>(position_numerator_));
  const double phase = static_cast<double>(position_numerator_) / static_cast<double>(step_denominator_) *
                       static_cast<double>(phases_);
  const auto lower = static_cast<std::size_t>(phase);
  const auto share = static_cast<float>(phase - static_cast<double>(lower));
  const float below = filtered(lower);
  return below + share * (filtered(lower + 1) - below);
}

double AudioFilter::delay_baseband_samples() const {
  return static_cast<double>(taps_ + RatePlan::kPilotDecimation - 3) - middle_;
}

}  // namespace fmrx::dsp
