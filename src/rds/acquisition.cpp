// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/acquisition.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "rds/block_code.hpp"

namespace fmrx::rds {
namespace {

/// Twice as far for the squares. The standard allows +-6 Hz (1.2), receivers' clocks as much again.
constexpr double kFarthestCarrier_Hz = 20;

/// Squares of noise alone add up to this many times their mean power with a probability of
/// exp(-18), for one clock phase and one carrier. A second of search tries some thousand.
constexpr double kSignificance = 18;

/// Where the parabola through three values of a peak has its top, in steps from the middle one.
double top_of_parabola(double before, double middle, double after) {
  const double bend = before - 2 * middle + after;
  return bend < 0 ? std::clamp(0.5 * (before - after) / bend, -0.5, 0.5) : 0.0;
}

/// Half the width of a spectral line: two values lie within it.
double line_step_rad(std::size_t symbols) {
  return std::numbers::pi / static_cast<double>(symbols);
}

}  // namespace

Acquisition::Acquisition(double band_rate_hz, const MatchedFilter& filter, std::size_t most_symbols)
    : symbol_samples_(band_rate_hz / kBitRate_Hz),
      filter_(filter),
      most_runs_(most_symbols / kRun),
      runs_(kLanes * most_runs_),
      power_(kLanes),
      square_power_(kLanes) {}

std::optional<SymbolEstimate> Acquisition::find(const BandHistory& band, std::size_t symbols) {
  const auto count = static_cast<double>(symbols);
  const double last = static_cast<double>(band.end()) - static_cast<double>(filter_.reach());
  const double first = last - count * symbol_samples_;
  if (first - static_cast<double>(filter_.reach()) <
      static_cast<double>(std::max<std::int64_t>(band.begin(), 0)))
    return std::nullopt;
  square(band, first, symbols);
  const Peak peak = strongest(symbols);
  if (!(std::norm(peak.sum) > kSignificance * square_power_[peak.lane])) return std::nullopt;

  SymbolEstimate estimate;
  const double turn_rad = refined_turn(peak, symbols);
  const double middle = (count - 1) / 2;
  estimate.turn_rad = turn_rad / 2;
  estimate.phase_rad = std::arg(spectrum(peak.lane, turn_rad, symbols)) / 2 - estimate.turn_rad * middle;
  estimate.position = first + symbol_samples_ * refined_lane(peak, symbols) / kLanes;
  estimate.amplitude_power = std::abs(peak.sum) / count;
  const double power = power_[peak.lane] / count;
  // At worst the noise is taken for 20 dB below the symbols until it has been measured.
  estimate.noise_power = std::max(power - estimate.amplitude_power, 0.01 * power) / 2;
  return estimate;
}

void Acquisition::square(const BandHistory& band, double first, std::size_t symbols) {
  std::fill(power_.begin(), power_.end(), 0.0);
  std::fill(square_power_.begin(), square_power_.end(), 0.0);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const double lane_first = first + symbol_samples_ * static_cast<double>(lane) / kLanes;
    for (std::size_t run = 0; run < symbols / kRun; ++run) {
      std::complex<float> sum = 0;
      for (std::size_t i = 0; i < kRun; ++i) {
        const std::complex<float> symbol =
            filter_.at(band, lane_first + symbol_samples_ * static_cast<double>(run * kRun + i));
        const auto power = static_cast<double>(std::norm(symbol));
        power_[lane] += power;
        square_power_[lane] += power * power;
        sum += symbol * symbol;
      }
      runs_[lane * most_runs_ + run] = sum;
    }
  }
}

/// Sum of the squares, turned back by turn_rad a symbol from the middle of the stretch.
std::complex<double> Acquisition::spectrum(std::size_t lane, double turn_rad, std::size_t symbols) const {
  const std::size_t runs = symbols / kRun;
  const std::complex<double> step = std::polar(1.0, -turn_rad * kRun);
  std::complex<double> phasor =
      std::polar(1.0, turn_rad * (static_cast<double>(symbols) - static_cast<double>(kRun)) / 2);
  std::complex<double> sum = 0;
  for (std::size_t run = 0; run < runs; ++run) {
    sum += std::complex<double>(runs_[lane * most_runs_ + run]) * phasor;
    phasor *= step;
  }
  return sum;
}

Acquisition::Peak Acquisition::strongest(std::size_t symbols) const {
  const double step_rad = line_step_rad(symbols);
  const double farthest_rad = 2 * 2 * std::numbers::pi * kFarthestCarrier_Hz / kBitRate_Hz;
  const auto steps = static_cast<int>(std::ceil(farthest_rad / step_rad));
  Peak peak;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (int k = -steps; k <= steps; ++k) {
      const std::complex<double> sum = spectrum(lane, k * step_rad, symbols);
      if (std::norm(sum) > std::norm(peak.sum)) peak = {lane, k * step_rad, sum};
    }
  }
  return peak;
}

double Acquisition::refined_turn(const Peak& peak, std::size_t symbols) const {
  const double step_rad = line_step_rad(symbols);
  return peak.turn_rad +
         step_rad * top_of_parabola(std::abs(spectrum(peak.lane, peak.turn_rad - step_rad, symbols)),
                                    std::abs(peak.sum),
                                    std::abs(spectrum(peak.lane, peak.turn_rad + step_rad, symbols)));
}

double Acquisition::refined_lane(const Peak& peak, std::size_t symbols) const {
  const std::size_t before = (peak.lane + kLanes - 1) % kLanes;
  const std::size_t after = (peak.lane + 1) % kLanes;
  return static_cast<double>(peak.lane) + top_of_parabola(std::abs(spectrum(before, peak.turn_rad, symbols)),
                                                          std::abs(peak.sum),
                                                          std::abs(spectrum(after, peak.turn_rad, symbols)));
}

}  // namespace fmrx::rds
