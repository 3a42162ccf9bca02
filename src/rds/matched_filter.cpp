// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/matched_filter.hpp"

#include <cmath>
#include <numbers>

#include "dsp/kernels/kernels.hpp"
#include "rds/block_code.hpp"

namespace fmrx::rds {
namespace {

/// In bits. The impulse falls with the square of time; what the window takes away is 60 dB down.
constexpr double kHalfWidth = 2.2;

/// Whole registers of most instruction sets.
constexpr std::size_t kTapsMultiple = 8;

/// Impulse of the shaping filter cos(pi f td / 4), |f| <= 2 / td, tapered. Time in bits.
double shaped_impulse(double time) {
  if (std::fabs(time) >= kHalfWidth) return 0;
  const double x = 8 * time;
  const double pole = 1 - x * x;
  const double shape =
      std::fabs(pole) < 1e-9 ? std::numbers::pi / 4 : std::cos(std::numbers::pi * x / 2) / pole;
  const double taper = std::cos(std::numbers::pi * time / (2 * kHalfWidth));
  return shape * taper * taper;
}

/// A one: an impulse, and its inverse half a bit later (1.7). Time from its middle.
double biphase_symbol(double time) {
  return shaped_impulse(time + 0.25) - shaped_impulse(time - 0.25);
}

double biphase_slope(double time) {
  constexpr double kStep = 1e-4;
  return (biphase_symbol(time + kStep) - biphase_symbol(time - kStep)) / (2 * kStep);
}

}  // namespace

MatchedFilter::MatchedFilter(double rate_hz) : taps_(0) {
  const double bits_per_sample = kBitRate_Hz / rate_hz;
  const auto span = static_cast<std::size_t>(std::ceil(2 * (kHalfWidth + 0.25) / bits_per_sample)) + 2;
  taps_ = (span + kTapsMultiple - 1) / kTapsMultiple * kTapsMultiple;
  double energy = 0;
  double slope_energy = 0;
  for (std::size_t phase = 0; phase < kPhases; ++phase) {
    for (std::size_t tap = 0; tap < taps_; ++tap) {
      // The position lies `phase` parts of a sample after the middle tap.
      const double time =
          (static_cast<double>(tap) - static_cast<double>(taps_ / 2) - static_cast<double>(phase) / kPhases) *
          bits_per_sample;
      energy += std::pow(biphase_symbol(time), 2);
      slope_energy += std::pow(biphase_slope(time), 2);
      symbol_.push_back(static_cast<float>(biphase_symbol(time) * bits_per_sample));
      slope_.push_back(static_cast<float>(-biphase_slope(time) * bits_per_sample));
    }
  }
  curvature_ = slope_energy / energy;
}

std::complex<float> MatchedFilter::at(const BandHistory& band, double position) const {
  return apply(symbol_, band, position);
}

std::complex<float> MatchedFilter::slope_at(const BandHistory& band, double position) const {
  return apply(slope_, band, position);
}

std::complex<float> MatchedFilter::apply(const std::vector<float>& table, const BandHistory& band,
                                         double position) const {
  const double steps = std::nearbyint(position * kPhases);
  const auto step = static_cast<std::int64_t>(steps);
  const std::int64_t sample = step >> 6;
  static_assert(kPhases == 64);
  const auto phase = static_cast<std::size_t>(step & 63);
  const std::int64_t first = sample - static_cast<std::int64_t>(taps_ / 2);
  const float* const taps = table.data() + phase * taps_;
  const auto& dot = dsp::best_kernels().dot;
  return {dot(taps, band.re(first), taps_), dot(taps, band.im(first), taps_)};
}

}  // namespace fmrx::rds
