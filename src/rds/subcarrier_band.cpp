// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/subcarrier_band.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "dsp/filter_design.hpp"
#include "dsp/kernels/kernels.hpp"

namespace fmrx::rds {
namespace {

constexpr double kLowestRate_Hz = 19'000;

/// RDS reaches 2.4 kHz from its carrier, which may be some hertz off; the matched filter stops
/// from 3 kHz on. The difference signal, up to 30 dB stronger, must not fold onto that.
std::vector<double> design_low_pass(double multiplex_hz, double rate_hz) {
  return dsp::kaiser_low_pass(
      {.rate_hz = multiplex_hz, .pass_hz = 2'450, .stop_hz = rate_hz - 3'000, .attenuation_db = 70});
}

/// The low-pass turned to 57 kHz: real and imaginary part.
std::array<std::vector<double>, 2> band_taps(double multiplex_hz, double rate_hz) {
  const std::vector<double> low_pass = design_low_pass(multiplex_hz, rate_hz);
  const double centre = static_cast<double>(low_pass.size() - 1) / 2;
  std::array<std::vector<double>, 2> taps;
  for (std::size_t k = 0; k < low_pass.size(); ++k) {
    const std::complex<double> phasor = std::polar(
        2.0, -2 * std::numbers::pi *
                 std::remainder(kSubcarrier_Hz / multiplex_hz * (static_cast<double>(k) - centre), 1.0));
    taps[0].push_back(low_pass[k] * phasor.real());
    taps[1].push_back(low_pass[k] * phasor.imag());
  }
  return taps;
}

std::size_t decimation(double multiplex_hz) {
  return static_cast<std::size_t>(multiplex_hz / kLowestRate_Hz);
}

}  // namespace

SubcarrierBand::SubcarrierBand(double rate_hz, std::size_t max_block)
    : step_(decimation(rate_hz)),
      rate_hz_(rate_hz / static_cast<double>(step_)),
      turns_(std::remainder(kSubcarrier_Hz / rate_hz_, 1.0)),
      low_pass_(dsp::best_kernels(), band_taps(rate_hz, rate_hz_), step_, max_block),
      delay_s_(low_pass_.delay_samples() / rate_hz),
      re_(low_pass_.max_output()),
      im_(re_.size()) {
  for (std::size_t k = 0; k < kTurns; ++k)
    turn_table_.emplace_back(std::conj(turns_.phasor(static_cast<std::int64_t>(k))));
}

dsp::ComplexView SubcarrierBand::process(std::span<const float> multiplex) {
  low_pass_.process(multiplex);
  const std::size_t count = low_pass_.outputs().size();
  turn(low_pass_.outputs(0), low_pass_.outputs(1));
  return {{re_.data(), count}, {im_.data(), count}};
}

/// The folded oscillator starts anew at each output; this makes it run on.
void SubcarrierBand::turn(std::span<const float> from_re, std::span<const float> from_im) {
  for (std::size_t i = 0; i < from_re.size(); ++i, ++outputs_) {
    const auto phase = static_cast<std::size_t>(outputs_) % kTurns;
    if (phase == 0) turn_base_ = std::complex<float>(std::conj(turns_.phasor(outputs_)));
    const std::complex<float> by = turn_base_ * turn_table_[phase];
    re_[i] = from_re[i] * by.real() - from_im[i] * by.imag();
    im_[i] = from_re[i] * by.imag() + from_im[i] * by.real();
  }
}

}  // namespace fmrx::rds
