// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/fractional_resampler.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

constexpr double kAttenuation_dB = 103;
/// Sums side by side, for the compiler to make registers of.
constexpr std::size_t kLanes = 8;
/// Between two sets of taps coefficients are interpolated linearly. At 15 kHz that errs by
/// (2 pi 15 / 48 / kPhases)^2 / 8, -114 dB.
constexpr std::size_t kPhases = 512;
constexpr double kHighestShareKept = 0.42;  ///< of the output rate
constexpr double kLargestSpeed_ppm = 10'000;

/// Positions are counted in parts of an input frame, so that no error adds up.
constexpr int kFractionBits = 32;
constexpr double kUnit = 4294967296.0;

std::int64_t in_units(std::int64_t frames) {
  return frames * (std::int64_t{1} << kFractionBits);
}

double pass_hz(SampleRate output) {
  constexpr double kAudioBandwidth_Hz = 15'000;
  return std::min(kAudioBandwidth_Hz, kHighestShareKept * output.hz());
}

/// The low-pass that all phases are taken from, at kPhases times the input rate. What lies
/// between `pass` and `stop` folds onto frequencies above `pass` only.
std::vector<double> prototype(SampleRate output) {
  const double lower_rate_hz = std::min(kAudioRate.hz(), output.hz());
  return kaiser_low_pass({.rate_hz = kAudioRate.hz() * kPhases,
                          .pass_hz = pass_hz(output),
                          .stop_hz = lower_rate_hz - pass_hz(output),
                          .attenuation_db = kAttenuation_dB});
}

}  // namespace

FractionalResampler::FractionalResampler(SampleRate output, std::size_t max_block_frames)
    : nominal_step_(kAudioRate.hz() / output.hz()), step_(0), taps_(0), in_(0, 0) {
  const std::vector<double> low_pass = prototype(output);
  // Odd in length: its middle is where position 0 of the middle tap is.
  const std::size_t half = low_pass.size() / 2;
  const std::size_t taps_a_side = (half + kPhases - 1) / kPhases;
  taps_ = (2 * taps_a_side + kLanes - 1) / kLanes * kLanes;
  bank_.resize((kPhases + 1) * taps_);
  // Tap k of phase p weighs the input frame k of the window, which lies at
  // k - (taps / 2 - 1) - p / kPhases from the output frame.
  for (std::size_t phase = 0; phase <= kPhases; ++phase) {
    for (std::size_t k = 0; k < taps_; ++k) {
      const std::ptrdiff_t distance =
          (static_cast<std::ptrdiff_t>(k) - static_cast<std::ptrdiff_t>(taps_ / 2 - 1)) *
              static_cast<std::ptrdiff_t>(kPhases) -
          static_cast<std::ptrdiff_t>(phase);
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(half) - distance;
      if (at < 0 || at >= static_cast<std::ptrdiff_t>(low_pass.size())) continue;
      bank_[phase * taps_ + k] =
          static_cast<float>(low_pass[static_cast<std::size_t>(at)] * static_cast<double>(kPhases));
    }
  }
  interpolated_.resize(taps_);
  in_ = BlockStream(kAudioChannels * taps_, kAudioChannels * max_block_frames);
  position_ = in_units(1 - static_cast<std::int64_t>(taps_ / 2));
  const double most_out =
      static_cast<double>(max_block_frames) / nominal_step_ / (1 - kLargestSpeed_ppm * 1e-6) + 3;
  out_.resize(kAudioChannels * static_cast<std::size_t>(std::ceil(most_out)));
  set_speed(0);
}

void FractionalResampler::set_speed(double faster_ppm) {
  assert(std::fabs(faster_ppm) <= kLargestSpeed_ppm);
  step_ = std::llround(nominal_step_ * (1 + faster_ppm * 1e-6) * kUnit);
}

std::span<const float> FractionalResampler::process(std::span<const float> in) {
  const float* const block = in_.next_block(in).data();
  const auto frames = static_cast<std::int64_t>(in.size() / kAudioChannels);
  const std::int64_t last_window = in_units(frames - static_cast<std::int64_t>(taps_) + 1) - 1;
  std::size_t made = 0;
  for (; position_ <= last_window; position_ += step_, ++made)
    interpolate(block, out_.data() + kAudioChannels * made);
  position_ -= in_units(frames);
  return {out_.data(), kAudioChannels * made};
}

void FractionalResampler::interpolate(const float* block, float* frame) {
  const std::int64_t whole_frames = position_ >> kFractionBits;
  const float* const x = block + static_cast<std::int64_t>(kAudioChannels) * whole_frames;
  const double phase = static_cast<double>(position_ - in_units(whole_frames)) / kUnit * kPhases;
  const auto lower = static_cast<std::size_t>(phase);
  const auto share = static_cast<float>(phase - static_cast<double>(lower));
  const float* const below = bank_.data() + lower * taps_;
  const float* const above = below + taps_;
  for (std::size_t k = 0; k < taps_; ++k) interpolated_[k] = below[k] + share * (above[k] - below[k]);
  // Eight sums side by side, in one order whatever the machine: left and right take turns.
  float sum[kLanes] = {};
  for (std::size_t k = 0; k < taps_; k += kLanes / kAudioChannels)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      sum[lane] += interpolated_[k + lane / kAudioChannels] * x[kAudioChannels * k + lane];
  for (std::size_t half = kLanes / 2; half >= kAudioChannels; half /= 2)
    for (std::size_t lane = 0; lane < half; ++lane) sum[lane] += sum[lane + half];
  for (std::size_t channel = 0; channel < kAudioChannels; ++channel) frame[channel] = sum[channel];
}

double FractionalResampler::delay_s() const {
  return static_cast<double>(taps_ / 2) / kAudioRate.hz();
}

}  // namespace fmrx::dsp
