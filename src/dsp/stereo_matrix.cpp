// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/stereo_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fmrx::dsp {
namespace {

constexpr std::uint64_t kFadeFrames = kAudioRate.value() / 100;

/// The mean is learnt quickly first and then over 0.6 s, and its mean is what is taken
/// away: what is left of a tone of frequency f in the mean of a mean is (0.25 Hz / f)^2,
/// in phase. A single mean would leave (0.25 Hz / f) in quadrature, the largest
/// difference of all between what was sent and what is heard.
constexpr double kMeanFrames = kAudioRate.value() / (2 * std::numbers::pi * 0.25);

}  // namespace

StereoMatrix::StereoMatrix(Decibels volume, std::uint64_t silent_frames, std::size_t max_frames)
    : volume_(std::pow(10.0, volume.value() / 20)),
      silent_frames_(silent_frames),
      out_(max_frames * kAudioChannels) {}

std::span<const float> StereoMatrix::process(SumAndDifference in) {
  const std::size_t frames = in.sum.size();
  for (std::size_t n = 0; n < frames; ++n, ++frame_) {
    if (frame_ < silent_frames_) {
      out_[2 * n] = out_[2 * n + 1] = 0.0F;
      continue;
    }
    const auto sum = static_cast<double>(in.sum[n]);
    const auto difference = static_cast<double>(in.difference[n]);
    const double age = static_cast<double>(frame_ - silent_frames_ + 1);
    const double gain = 1 / std::min(age, kMeanFrames);
    const double left = sum + difference;
    const double right = sum - difference;
    left_.follow(left, gain);
    right_.follow(right, gain);
    const double level = volume_ * fade_in(frame_ - silent_frames_);
    out_[2 * n] = static_cast<float>(level * (left - left_.mean_of_mean));
    out_[2 * n + 1] = static_cast<float>(level * (right - right_.mean_of_mean));
  }
  return {out_.data(), frames * kAudioChannels};
}

void StereoMatrix::Mean::follow(double x, double gain) {
  mean += gain * (x - mean);
  mean_of_mean += gain * (mean - mean_of_mean);
}

double StereoMatrix::fade_in(std::uint64_t frame) const {
  if (frame >= kFadeFrames) return 1;
  return 0.5 - 0.5 * std::cos(std::numbers::pi * static_cast<double>(frame) / kFadeFrames);
}

}  // namespace fmrx::dsp
