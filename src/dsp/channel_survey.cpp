// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/channel_survey.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fmrx::dsp {
namespace {

/// The pilot's first side bands are the station's own in any case.
constexpr double kNearestValley_Hz = 18e3;
/// What the tuner passes within 0.1 dB, at 2.4 MS/s.
constexpr double kFlat_Hz = 140e3;
/// Full deviation, and the first side bands beyond it.
constexpr double kOwnReach_Hz = 88e3;
/// A station's side bands fall by a factor e in so many hertz, as measured from quiet
/// (6 kHz) to loud programmes (13 kHz).
constexpr double kSkirt_Hz = 8e3;

/// A rise of 8 dB is a neighbour, a difference of 6 dB between the sides is none of the
/// station's, and 2 dB are still the valley's floor.
constexpr float kRise = 6.3F;
constexpr float kAsymmetry = 4.0F;
constexpr float kFloor = 1.6F;
/// A carrier 5 kHz off makes so much of a station's steepest slope.
constexpr float kOwnAsymmetry = 3.0F;
/// Less above the noise than this is none of them.
constexpr double kNotable = 4;
constexpr double kStandsOut = 2;
/// A full deviation's side bands fall by 9 dB in 4 kHz, those of loud programmes by e in 10 kHz.
constexpr double kSteepest_Hz = 1.5e3;
constexpr double kGentlest_Hz = 10e3;

/// Where so much is the station's own its slope is seen.
constexpr float kSeen = 0.9F;

/// Smaller powers than any signal's: what they are divided by is not 0.
constexpr float kNothing = 1e-37F;

constexpr std::size_t kPointsPerCell = PowerSpectrum::kPoints / 2 / kCellsPerSide;

/// The least of many fluctuating means lies below their common mean by so much, where
/// each is over kNoiseCells and a second.
constexpr std::size_t kNoiseCells = 5;
constexpr double kLeastOfMeans = 0.93;

SideCells smoothed(const SideCells& cells) {
  SideCells smooth = cells;
  for (std::size_t i = 1; i + 1 < kCellsPerSide; ++i)
    smooth[i] = 0.25F * (cells[i - 1] + 2 * cells[i] + cells[i + 1]);
  return smooth;
}

/// Side bands go on much as on the other side.
void limit_unseen(SideSurvey& side, const SideSurvey& other) {
  for (std::size_t i = side.seen_to + 1; i < kCellsPerSide; ++i)
    side.own[i] = std::min(side.own[i], kOwnAsymmetry * other.own[i]);
}

/// What is taken to go on below the noise is at most all of it.
void note_share(SideSurvey& side, const SideCells& cells) {
  for (std::size_t i = 0; i < kCellsPerSide; ++i)
    side.own_share[i] = std::min(side.own[i] / std::max(cells[i], kNothing), 1.0F);
}

}  // namespace

ChannelCells cells_of(std::span<const float, PowerSpectrum::kPoints> spectrum) {
  ChannelCells cells;
  for (std::size_t i = 0; i < kCellsPerSide; ++i) {
    for (std::size_t k = i * kPointsPerCell; k < (i + 1) * kPointsPerCell; ++k) {
      cells.above[i] += spectrum[k];
      cells.below[i] += spectrum[PowerSpectrum::kPoints - 1 - k];
    }
  }
  return cells;
}

ChannelSurvey::ChannelSurvey(double if_hz)
    : cell_hz_(if_hz / 2 / kCellsPerSide),
      first_(static_cast<std::size_t>(std::ceil(kNearestValley_Hz / cell_hz_))),
      last_(static_cast<std::size_t>(std::min(kFlat_Hz, 0.42 * if_hz) / cell_hz_)),
      reach_(static_cast<std::size_t>(kOwnReach_Hz / cell_hz_)),
      steepest_(static_cast<float>(std::exp(-cell_hz_ / kSteepest_Hz))),
      gentlest_(static_cast<float>(std::exp(-cell_hz_ / kGentlest_Hz))) {
  for (std::size_t i = 0; i <= kCellsPerSide; ++i)
    fall_off_[kCellsPerSide - i] = fall_off_[kCellsPerSide + i] =
        static_cast<float>(std::exp(-static_cast<double>(i) * cell_hz_ / kSkirt_Hz));
}

double ChannelSurvey::noise(const ChannelCells& cells) const {
  float least = std::numeric_limits<float>::max();
  for (const SideCells* side : {&cells.below, &cells.above}) {
    for (std::size_t i = first_; i + kNoiseCells <= last_ + 1; ++i) {
      float sum = 0;
      for (std::size_t k = 0; k < kNoiseCells; ++k) sum += (*side)[i + k];
      least = std::min(least, sum);
    }
  }
  return static_cast<double>(least) / kNoiseCells / kLeastOfMeans;
}

double ChannelSurvey::centre_hz(const ChannelCells& cells) const {
  double power = 0;
  double moment = 0;  // of power about the middle, in cells
  for (std::size_t i = 0; i < kCellsPerSide; ++i) {
    const auto above = static_cast<double>(cells.above[i]);
    const auto below = static_cast<double>(cells.below[i]);
    power += above + below;
    moment += (above - below) * (static_cast<double>(i) + 0.5);
  }
  return power > 0 ? moment / power * cell_hz_ : 0;
}

Sides<SideSurvey> ChannelSurvey::sort(const ChannelCells& cells, double noise) const {
  const SideCells below = smoothed(cells.below);
  const SideCells above = smoothed(cells.above);
  Sides<SideSurvey> sides{sort_side(cells.below, valley(below, above, noise), noise),
                          sort_side(cells.above, valley(above, below, noise), noise)};
  const SideSurvey as_seen_below = sides.below;
  limit_unseen(sides.below, sides.above);
  limit_unseen(sides.above, as_seen_below);
  note_share(sides.below, cells.below);
  note_share(sides.above, cells.above);
  return sides;
}

/// The outermost cell of the floor between the station and its neighbour, or of that up to the
/// IF's edge.
std::size_t ChannelSurvey::valley(const SideCells& smooth, const SideCells& other_smooth,
                                  double noise) const {
  const auto notable = static_cast<float>(kNotable * noise);
  float least = smooth[first_];
  std::size_t floor_end = first_;
  for (std::size_t i = first_; i <= last_; ++i) {
    least = std::min(least, smooth[i]);
    const bool rises = smooth[i] > kRise * least && smooth[i] > notable;
    if (rises && (i > reach_ || smooth[i] > kAsymmetry * other_smooth[i])) break;
    if (smooth[i] <= kFloor * least) floor_end = i;
  }
  return floor_end;
}

SideSurvey ChannelSurvey::sort_side(const SideCells& cells, std::size_t valley, double noise) const {
  const auto floor = static_cast<float>(noise);
  const auto notable = static_cast<float>(kStandsOut * noise);
  const float at_valley = std::max(cells[valley] - floor, 0.0F);
  const float* const fall_off = fall_off_.data() + kCellsPerSide - valley;
  SideCells signal;
  SideCells skirt;
  SideCells above_skirt;
  for (std::size_t i = 0; i < kCellsPerSide; ++i) {
    signal[i] = std::max(cells[i] - floor, 0.0F);
    skirt[i] = at_valley * fall_off[i];
    above_skirt[i] = std::max(signal[i] - skirt[i], 0.0F);
  }
  SideSurvey side;
  for (std::size_t i = 0; i < valley; ++i) side.foreign_share[i] = std::min(skirt[i], signal[i]);
  for (std::size_t i = valley; i < kCellsPerSide; ++i)
    side.foreign_share[i] = cells[i] > notable ? above_skirt[i] : 0.0F;
  for (std::size_t i = 0; i < kCellsPerSide; ++i) side.foreign_share[i] /= std::max(cells[i], kNothing);

  std::size_t seen_to = valley;
  do {
    --seen_to;
  } while (seen_to > 0 && (!(cells[seen_to] > notable) || above_skirt[seen_to] < kSeen * signal[seen_to]));
  std::copy_n(above_skirt.begin(), seen_to + 1, side.own.begin());
  const float slope = last_slope(side.own, seen_to);
  for (std::size_t i = seen_to + 1; i < kCellsPerSide; ++i) {
    side.own[i] = slope * side.own[i - 1];
    if (i >= valley && at_valley > 0) side.own[i] = std::min(side.own[i], skirt[i]);
  }
  side.seen_to = seen_to;
  return side;
}

/// Fall of the side bands from one cell to the next.
float ChannelSurvey::last_slope(const SideCells& own, std::size_t end) const {
  const float before = end >= 2 ? own[end - 2] : 0.0F;
  const float slope = before > 0 ? std::sqrt(own[end] / before) : gentlest_;
  return std::clamp(slope, steepest_, gentlest_);
}

}  // namespace fmrx::dsp
