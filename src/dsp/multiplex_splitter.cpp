// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/multiplex_splitter.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

/// The mixing product of the sum of 38 kHz and a difference signal reaches down
/// to 76 - 15 = 61 kHz and would fold into the audio. The pass band need not be
/// flat: the audio filter undoes its droop.
std::vector<double> design_low_pass(double if_hz) {
  return chebyshev_low_pass(if_hz, 61e3, 103);
}

/// The low-pass for the sum, and turned to 38 kHz, real and imaginary part, for the difference.
std::array<std::vector<double>, 3> band_taps(const std::vector<double>& low_pass, double if_hz) {
  const double centre = static_cast<double>(low_pass.size() - 1) / 2;
  std::array<std::vector<double>, 3> taps;
  for (std::size_t k = 0; k < low_pass.size(); ++k) {
    const double turn = -2 * std::numbers::pi * kSubcarrier_Hz / if_hz * (static_cast<double>(k) - centre);
    taps[0].push_back(low_pass[k]);
    taps[1].push_back(low_pass[k] * std::cos(turn));
    taps[2].push_back(low_pass[k] * std::sin(turn));
  }
  return taps;
}

}  // namespace

MultiplexSplitter::MultiplexSplitter(const RatePlan& plan, const Kernels& kernels, std::size_t max_block,
                                     std::size_t history)
    : if_hz_(plan.if_hz()),
      low_pass_(design_low_pass(if_hz_)),
      bands_(kernels, band_taps(low_pass_, if_hz_), plan.baseband_decimation, max_block),
      sum_(history, bands_.max_output()),
      difference_re_(sum_),
      difference_im_(sum_) {}

void MultiplexSplitter::begin_block(std::size_t most) {
  for (BlockStream* const band : {&sum_, &difference_re_, &difference_im_})
    band->begin_block(bands_.due(most));
}

MultiplexBands MultiplexSplitter::process(std::span<const float> multiplex) {
  const std::size_t count = bands_.due(multiplex.size());
  const std::span<float> sum = sum_.extend(count);
  const ComplexRoom difference{difference_re_.extend(count), difference_im_.extend(count)};
  bands_.process(multiplex, {sum.data(), difference.re.data(), difference.im.data()});
  return {sum, difference};
}

MultiplexBands MultiplexSplitter::block() const {
  return {sum_.block(), {difference_re_.block(), difference_im_.block()}};
}

double MultiplexSplitter::droop(double f_hz) const {
  return zero_phase_response(low_pass_, f_hz, if_hz_);
}

double MultiplexSplitter::delay_if_samples() const {
  return bands_.delay_samples();
}

}  // namespace fmrx::dsp
