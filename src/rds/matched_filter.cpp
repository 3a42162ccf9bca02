// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/matched_filter.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <span>
#include <stdexcept>

#include "dsp/kernels/kernels.hpp"
#include "rds/block_code.hpp"

namespace fmrx::rds {
namespace {

/// In bits. The impulse falls with the square of time; what the window takes away is 60 dB down.
constexpr double kHalfWidth = 2.2;

/// Whole registers of most instruction sets.
constexpr std::size_t kTapsMultiple = 32;

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

/// The symbol at multiples of a short time.
class BiphaseTable {
 public:
  /// From -steps to +steps.
  BiphaseTable(double step_bits, std::size_t steps)
      : step_bits_(step_bits), middle_(static_cast<std::ptrdiff_t>(steps) + kSlopeReach) {
    values_.resize(2 * static_cast<std::size_t>(middle_) + 1);
    for (std::ptrdiff_t n = 1; n <= middle_; ++n) {
      const double value = biphase_symbol(static_cast<double>(n) * step_bits);
      values_[static_cast<std::size_t>(middle_ + n)] = value;
      values_[static_cast<std::size_t>(middle_ - n)] = -value;
    }
  }

  [[nodiscard]] double symbol(std::ptrdiff_t step) const {
    return values_[static_cast<std::size_t>(middle_ + step)];
  }
  /// By central differences of fourth order: what they miss is 1e-8 of it at a five hundredth of a bit.
  [[nodiscard]] double slope(std::ptrdiff_t step) const {
    return (8 * (symbol(step + 1) - symbol(step - 1)) - (symbol(step + 2) - symbol(step - 2))) /
           (12 * step_bits_);
  }

 private:
  static constexpr std::ptrdiff_t kSlopeReach = 2;

  double step_bits_;
  std::ptrdiff_t middle_;
  std::vector<double> values_;
};

}  // namespace

BandHistory::BandHistory(std::size_t capacity)
    : capacity_(capacity), re_(capacity + kLongestRun), im_(capacity + kLongestRun) {
  if (!std::has_single_bit(capacity) || capacity < kLongestRun)
    throw std::invalid_argument("BandHistory: capacity");
}

void BandHistory::push(dsp::ComplexView samples) {
  while (samples.size() > 0) {
    const std::size_t slot = slot_of(end_);
    const std::size_t count = std::min(capacity_ - slot, samples.size());
    write(samples.re.first(count), re_.data(), slot);
    write(samples.im.first(count), im_.data(), slot);
    end_ += static_cast<std::int64_t>(count);
    samples = {samples.re.subspan(count), samples.im.subspan(count)};
  }
}

/// The first of the ring follow once more behind its end.
void BandHistory::write(std::span<const float> samples, float* ring, std::size_t slot) const {
  std::ranges::copy(samples, ring + slot);
  if (slot >= kLongestRun) return;
  const std::size_t again = std::min(samples.size(), kLongestRun - slot);
  std::ranges::copy(samples.first(again), ring + capacity_ + slot);
}

MatchedFilter::MatchedFilter(double rate_hz)
    : dot_pair_(dsp::best_kernels().dot_pair), dot_pairs_(dsp::best_kernels().dot_pairs), taps_(0) {
  const double bits_per_sample = kBitRate_Hz / rate_hz;
  const auto span = static_cast<std::size_t>(std::ceil(2 * (kHalfWidth + 0.25) / bits_per_sample)) + 2;
  taps_ = (span + kTapsMultiple - 1) / kTapsMultiple * kTapsMultiple;
  if (taps_ > BandHistory::kLongestRun) throw std::invalid_argument("MatchedFilter: rate");
  const BiphaseTable table(bits_per_sample / kPhases, taps_ / 2 * kPhases + kPhases);
  symbol_.reserve(taps_ * kPhases);
  slope_.reserve(taps_ * kPhases);
  double energy = 0;
  double slope_energy = 0;
  for (std::size_t phase = 0; phase < kPhases; ++phase) {
    for (std::size_t tap = 0; tap < taps_; ++tap) {
      // The position lies `phase` parts of a sample after the middle tap.
      const std::ptrdiff_t step =
          (static_cast<std::ptrdiff_t>(tap) - static_cast<std::ptrdiff_t>(taps_ / 2)) *
              static_cast<std::ptrdiff_t>(kPhases) -
          static_cast<std::ptrdiff_t>(phase);
      const double symbol = table.symbol(step);
      const double slope = table.slope(step);
      energy += symbol * symbol;
      slope_energy += slope * slope;
      symbol_.push_back(static_cast<float>(symbol * bits_per_sample));
      slope_.push_back(static_cast<float>(-slope * bits_per_sample));
    }
  }
  curvature_ = slope_energy / energy;
}

MatchedFilter::Place MatchedFilter::place_of(double position) const {
  const std::int64_t step = std::llrint(position * kPhases);
  static_assert(kPhases == 32);
  const std::int64_t sample = step >> 5;
  const auto phase = static_cast<std::size_t>(step & 31);
  return {sample - static_cast<std::int64_t>(taps_ / 2), phase * taps_};
}

std::complex<float> MatchedFilter::at(const BandHistory& band, double position) const {
  const Place place = place_of(position);
  const float* const taps = symbol_.data() + place.tap_set;
  std::array<float, 2> symbol{};
  dot_pair_(band.re(place.first), band.im(place.first), taps, taps_, symbol.data());
  return {symbol[0], symbol[1]};
}

MatchedFilter::Symbol MatchedFilter::with_slope_at(const BandHistory& band, double position) const {
  const Place place = place_of(position);
  const float* const taps = symbol_.data() + place.tap_set;
  const float* const slope_taps = slope_.data() + place.tap_set;
  std::array<float, 4> sums{};
  dot_pairs_(taps, slope_taps, band.re(place.first), band.im(place.first), taps_, sums.data());
  return {{sums[0], sums[2]}, {sums[1], sums[3]}};
}

}  // namespace fmrx::rds
