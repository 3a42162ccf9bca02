// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/stereo_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace fmrx::dsp {
namespace {

constexpr std::uint64_t kFadeFrames = kAudioRate.value() / 100;

/// The mean is learnt quickly first and then over 0.6 s, and its mean is what is taken
/// away: what is left of a tone of frequency f in the mean of a mean is (0.25 Hz / f)^2,
/// in phase. A single mean would leave (0.25 Hz / f) in quadrature, the largest
/// difference of all between what was sent and what is heard.
constexpr double kMean_s = 1 / (2 * std::numbers::pi * 0.25);

/// Below this there is nothing to take away, and numbers that only fade would become denormal.
constexpr double kNoMean = 1e-12;

/// How far each frame of a group is on its way.
template <std::size_t group>
constexpr std::array<float, group> shares() {
  std::array<float, group> all{};
  for (std::size_t n = 0; n < group; ++n) all[n] = static_cast<float>(n) / group;
  return all;
}

/// In several sums, so that none waits for another. Rounding is 140 dB below the numbers.
template <std::size_t size>
double sum_of(std::span<const float, size> numbers) {
  constexpr std::size_t kSums = 8;
  static_assert(size % kSums == 0);
  std::array<float, kSums> sums{};
  for (std::size_t n = 0; n < size; n += kSums)
    for (std::size_t k = 0; k < kSums; ++k) sums[k] += numbers[n + k];
  return static_cast<double>(std::accumulate(sums.begin(), sums.end(), 0.0F));
}

}  // namespace

StereoMatrix::StereoMatrix(Decibels volume, std::uint64_t silent_frames)
    : volume_(static_cast<float>(std::pow(10.0, volume.value() / 20))),
      first_group_end_((silent_frames + kGroup - 1) / kGroup * kGroup + kGroup) {}

void StereoMatrix::process(SumAndDifference in, float* out) {
  const std::size_t frames = in.sum.size();
  for (std::size_t done = 0; done < frames;) {
    const std::size_t in_group = frame_ % kGroup;
    const std::size_t count = std::min(frames - done, kGroup - in_group);
    const SumAndDifference part{in.sum.subspan(done, count), in.difference.subspan(done, count)};
    write(part, in_group, out);
    fade_in({out, count * kAudioChannels}, frame_);
    out += count * kAudioChannels;
    frame_ += count;
    done += count;
    if (count == kGroup) {
      conclude_group(Group(part.sum), Group(part.difference));
      continue;
    }
    const auto place = static_cast<std::ptrdiff_t>(in_group);
    std::ranges::copy(part.sum, cut_sum_.begin() + place);
    std::ranges::copy(part.difference, cut_difference_.begin() + place);
    if (frame_ % kGroup == 0) conclude_group(cut_sum_, cut_difference_);
  }
}

/// Left and right, less their means, from a place in the group on.
void StereoMatrix::write(SumAndDifference in, std::size_t in_group, float* out) const {
  static constexpr std::array<float, kGroup> kShares = shares<kGroup>();
  const float* const share = kShares.data() + in_group;
  const float* const sum = in.sum.data();
  const float* const difference = in.difference.data();
  const StraightLine mean_left = left_.line();
  const StraightLine mean_right = right_.line();
  const float volume = volume_;
  for (std::size_t n = 0; n < in.sum.size(); ++n) {
    out[2 * n] = volume * (sum[n] + difference[n] - mean_left.at(share[n]));
    out[2 * n + 1] = volume * (sum[n] - difference[n] - mean_right.at(share[n]));
  }
}

/// The group that ends with frame_.
void StereoMatrix::conclude_group(Group sum, Group difference) {
  if (frame_ < first_group_end_) return;
  ++groups_;
  const double gain = 1 / std::min(static_cast<double>(groups_), kMean_s * kAudioRate.hz() / kGroup);
  const double mean_sum = sum_of(sum) / kGroup;
  const double mean_difference = sum_of(difference) / kGroup;
  left_.conclude_group(mean_sum + mean_difference, gain);
  right_.conclude_group(mean_sum - mean_difference, gain);
}

void StereoMatrix::Mean::conclude_group(double group_mean, double gain) {
  before = mean_of_mean;
  mean += gain * (group_mean - mean);
  mean_of_mean += gain * (mean - mean_of_mean);
  if (std::fabs(mean_of_mean) < kNoMean) mean = mean_of_mean = 0;
  if (gain == 1) before = mean_of_mean;  // the first: there is nothing to come from
}

StereoMatrix::StraightLine StereoMatrix::Mean::line() const {
  const auto from = static_cast<float>(before);
  const auto to = static_cast<float>(mean_of_mean);
  return {from, to - from};
}

/// Silence first, then a raised cosine.
void StereoMatrix::fade_in(std::span<float> out, std::uint64_t first_frame) const {
  if (first_frame >= first_group_end_ + kFadeFrames) return;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const std::uint64_t frame = first_frame + n / kAudioChannels;
    if (frame >= first_group_end_ + kFadeFrames) return;
    const double share =
        frame < first_group_end_
            ? 0
            : 0.5 - 0.5 * std::cos(std::numbers::pi * static_cast<double>(frame - first_group_end_) /
                                   kFadeFrames);
    out[n] = static_cast<float>(share) * out[n];
  }
}

}  // namespace fmrx::dsp
