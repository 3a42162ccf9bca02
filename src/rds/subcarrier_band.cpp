// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/subcarrier_band.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "dsp/filter_design.hpp"
#include "dsp/kernels/kernels.hpp"

namespace fmrx::rds {
namespace {

constexpr double kLowestRate_Hz = 19'000;

/// RDS reaches 2.4 kHz from its carrier, which may be some hertz off.
constexpr double kPass_Hz = 2'450;

/// The difference signal, up to 30 dB stronger than RDS, must not fold onto it.
constexpr double kAttenuation_dB = 70;

/// Squared error in the stop band against squared error in the pass band.
constexpr double kStopWeight = 3;

std::size_t decimation(double rate_hz) {
  return static_cast<std::size_t>(rate_hz / kLowestRate_Hz);
}

double band_rate_hz(double source_hz) {
  return source_hz / static_cast<double>(decimation(source_hz));
}

/// What folds onto RDS begins there: the matched filter stops from 3 kHz on.
double stop_hz(double source_hz) {
  return band_rate_hz(source_hz) - 3'000;
}

using Taps = std::vector<std::complex<double>>;

/// No signal is so large.
constexpr float kLargestSample = 1e6F;

float audible(float sample) {
  return std::fabs(sample) <= kLargestSample ? sample : 0.0F;
}

double middle(const Taps& taps) {
  return static_cast<double>(taps.size() - 1) / 2;
}

/// A complex low-pass turned to 57 kHz. A cosine's other half is lost, so the gain is 2.
Taps turned_to_subcarrier(Taps taps, double source_hz) {
  const double centre = middle(taps);
  for (std::size_t k = 0; k < taps.size(); ++k) {
    const double turns = kSubcarrier_Hz / source_hz * (static_cast<double>(k) - centre);
    taps[k] *= std::polar(2.0, -2 * std::numbers::pi * std::remainder(turns, 1.0));
  }
  return taps;
}

Taps multiplex_taps(double rate_hz) {
  const std::vector<double> low_pass = dsp::kaiser_low_pass({.rate_hz = rate_hz,
                                                             .pass_hz = kPass_Hz,
                                                             .stop_hz = stop_hz(rate_hz),
                                                             .attenuation_db = kAttenuation_dB});
  return turned_to_subcarrier({low_pass.begin(), low_pass.end()}, rate_hz);
}

/// The source's gain falls by 3 dB from one side of the band to the other, and the taps undo it: with
/// the even part of what is wanted in real taps, and the odd part, times -j, in imaginary ones. Least
/// squares stop better than Kaiser's window, as much as is needed below the difference signal's gain, and
/// may have a tap less. There are whole registers of them.
Taps difference_taps(const dsp::DifferenceBand& source) {
  const double stop = stop_hz(source.rate_hz);
  const std::size_t half = dsp::kaiser_half_length(stop - kPass_Hz, source.rate_hz, kAttenuation_dB);
  const std::size_t count = (2 * half + dsp::kMostLanes - 1) / dsp::kMostLanes * dsp::kMostLanes;
  const dsp::LeastSquaresDesign design(
      {.rate_hz = source.rate_hz, .pass_hz = kPass_Hz, .stop_hz = stop, .stop_weight = kStopWeight}, count);
  const auto wanted = [&](double f_hz) { return 1 / source.gain(kSubcarrier_Hz + f_hz); };
  const double delay = static_cast<double>(count - 1) / 2;
  const std::vector<double> even =
      design.taps([&](double f_hz) { return std::complex((wanted(f_hz) + wanted(-f_hz)) / 2, 0.0); }, delay);
  const std::vector<double> odd =
      design.taps([&](double f_hz) { return std::complex(0.0, -(wanted(f_hz) - wanted(-f_hz)) / 2); }, delay);
  Taps low_pass;
  for (std::size_t k = 0; k < even.size(); ++k) low_pass.emplace_back(even[k], odd[k]);
  return turned_to_subcarrier(low_pass, source.rate_hz);
}

}  // namespace

SubcarrierBand::SubcarrierBand(double rate_hz, std::size_t max_block)
    : SubcarrierBand(rate_hz, 0, max_block) {
  const Taps taps = multiplex_taps(rate_hz);
  std::array<std::vector<double>, 2> parts;
  for (const std::complex<double>& tap : taps) {
    parts[0].push_back(tap.real());
    parts[1].push_back(tap.imag());
  }
  of_multiplex_.emplace(dsp::best_kernels(), parts, step_, max_block);
  multiplex_.emplace(of_multiplex_->history(), max_block);
  delay_s_ += middle(taps) / rate_hz;
}

SubcarrierBand::SubcarrierBand(const dsp::DifferenceBand& source, std::size_t max_block)
    : SubcarrierBand(source.rate_hz, source.delay_s, max_block) {
  const Taps taps = difference_taps(source);
  of_difference_.emplace(dsp::best_kernels(), taps, step_);
  assert(of_difference_->history() <= source.history);
  delay_s_ += middle(taps) / source.rate_hz;
}

SubcarrierBand::SubcarrierBand(double source_rate_hz, double source_delay_s, std::size_t max_block)
    : step_(decimation(source_rate_hz)),
      rate_hz_(band_rate_hz(source_rate_hz)),
      max_output_(max_block / step_ + 1),
      turns_(std::remainder(kSubcarrier_Hz / rate_hz_, 1.0)),
      // Each output falls due with the last of its `step_` samples.
      delay_s_(source_delay_s - static_cast<double>(step_ - 1) / source_rate_hz),
      re_(max_output_ + dsp::kOutputSlack),
      im_(re_.size()) {
  for (std::size_t k = 0; k < kTurns; ++k) {
    const std::complex<double> phasor = std::conj(turns_.phasor(static_cast<std::int64_t>(k)));
    turn_re_[k] = static_cast<float>(phasor.real());
    turn_im_[k] = static_cast<float>(phasor.imag());
  }
}

dsp::ComplexView SubcarrierBand::process(std::span<const float> multiplex) {
  const std::size_t count = of_multiplex_->due(multiplex.size());
  of_multiplex_->process(multiplex_->next_block(multiplex), {re_.data(), im_.data()});
  return turned(count);
}

dsp::ComplexView SubcarrierBand::process(dsp::ComplexView difference) {
  const std::size_t count = of_difference_->due(difference.size());
  of_difference_->process(difference, re_.data(), im_.data());
  return turned(count);
}

/// The folded oscillator starts anew at each output; this makes it run on.
dsp::ComplexView SubcarrierBand::turned(std::size_t count) {
  for (std::size_t i = 0; i < count;) {
    const auto first = static_cast<std::size_t>(outputs_) % kTurns;
    if (first == 0) turn_base_ = std::complex<float>(std::conj(turns_.phasor(outputs_)));
    const std::size_t run = std::min(kTurns - first, count - i);
    turn_run(re_.data() + i, im_.data() + i, first, run);
    i += run;
    outputs_ += static_cast<std::int64_t>(run);
  }
  return {{re_.data(), count}, {im_.data(), count}};
}

/// By the table from `first` on.
void SubcarrierBand::turn_run(float* re, float* im, std::size_t first, std::size_t count) const {
  const float base_re = turn_base_.real();
  const float base_im = turn_base_.imag();
  const float* const table_re = turn_re_.data() + first;
  const float* const table_im = turn_im_.data() + first;
  for (std::size_t k = 0; k < count; ++k) {
    const float by_re = base_re * table_re[k] - base_im * table_im[k];
    const float by_im = base_re * table_im[k] + base_im * table_re[k];
    const float before_re = re[k];
    const float before_im = im[k];
    re[k] = audible(before_re * by_re - before_im * by_im);
    im[k] = audible(before_re * by_im + before_im * by_re);
  }
}

}  // namespace fmrx::rds
