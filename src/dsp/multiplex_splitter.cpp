// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/multiplex_splitter.hpp"

#include <cmath>
#include <numbers>

#include "dsp/filter_design.hpp"
#include "dsp/fir.hpp"

namespace fmrx::dsp {
namespace {

/// The mixing product of the sum of 38 kHz and a difference signal reaches down
/// to 76 - 15 = 61 kHz and would fold into the audio. The pass band need not be
/// flat: the audio filter undoes its droop.
std::vector<double> design_low_pass(double if_hz) {
  return kaiser_low_pass({.rate_hz = if_hz, .pass_hz = 11e3, .stop_hz = 61e3, .attenuation_db = 102});
}

}  // namespace

MultiplexSplitter::MultiplexSplitter(const RatePlan& plan, std::size_t max_block)
    : if_hz_(plan.if_hz()),
      step_(plan.baseband_decimation),
      low_pass_(design_low_pass(if_hz_)),
      sum_taps_(padded_taps(low_pass_)),
      input_(sum_taps_.size() - step_, sum_taps_.size() + step_ + max_block),
      sum_(max_block / step_ + 1),
      difference_re_(sum_.size()),
      difference_im_(sum_.size()) {
  const double centre = static_cast<double>(low_pass_.size() - 1) / 2;
  std::vector<double> re;
  std::vector<double> im;
  for (std::size_t k = 0; k < low_pass_.size(); ++k) {
    const double turn = -2 * std::numbers::pi * kSubcarrier_Hz / if_hz_ * (static_cast<double>(k) - centre);
    re.push_back(low_pass_[k] * std::cos(turn));
    im.push_back(low_pass_[k] * std::sin(turn));
  }
  difference_taps_re_ = padded_taps(re);
  difference_taps_im_ = padded_taps(im);
}

MultiplexBands MultiplexSplitter::process(std::span<const float> multiplex) {
  input_.append(multiplex);
  const std::size_t window = sum_taps_.size();
  const std::size_t outputs = input_.size() < window ? 0 : (input_.size() - window) / step_ + 1;
  const std::span<float> sum(sum_.data(), outputs);
  const std::span<float> difference_re(difference_re_.data(), outputs);
  const std::span<float> difference_im(difference_im_.data(), outputs);
  fir_decimate(sum_taps_, step_, input_.data(), sum);
  fir_decimate(difference_taps_re_, step_, input_.data(), difference_re);
  fir_decimate(difference_taps_im_, step_, input_.data(), difference_im);
  input_.drop(outputs * step_);
  return {sum, {difference_re, difference_im}};
}

double MultiplexSplitter::droop(double f_hz) const {
  return zero_phase_response(low_pass_, f_hz, if_hz_);
}

double MultiplexSplitter::delay_if_samples() const {
  return static_cast<double>(low_pass_.size() - 1) / 2 - static_cast<double>(step_ - 1);
}

}  // namespace fmrx::dsp
