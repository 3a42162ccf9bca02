// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/stereo_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fmrx::dsp {
namespace {

constexpr std::uint64_t kFadeFrames = kAudioRate.value() / 100;

/// The mean is learnt quickly first and then over 16 s: a first-order high-pass at 0.01 Hz.
/// At 0.5 Hz, which 30 Hz would not notice in level, its phase would still be the largest
/// difference between what was sent and what is heard (0.002 rad at 250 Hz is -54 dB).
constexpr double kMeanFrames = kAudioRate.value() / (2 * std::numbers::pi * 0.01);

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
    mean_left_ += gain * (sum + difference - mean_left_);
    mean_right_ += gain * (sum - difference - mean_right_);
    const double level = volume_ * fade_in(frame_ - silent_frames_);
    out_[2 * n] = static_cast<float>(level * (sum + difference - mean_left_));
    out_[2 * n + 1] = static_cast<float>(level * (sum - difference - mean_right_));
  }
  return {out_.data(), frames * kAudioChannels};
}

double StereoMatrix::fade_in(std::uint64_t frame) const {
  if (frame >= kFadeFrames) return 1;
  return 0.5 - 0.5 * std::cos(std::numbers::pi * static_cast<double>(frame) / kFadeFrames);
}

}  // namespace fmrx::dsp
