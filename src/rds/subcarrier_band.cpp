// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/subcarrier_band.hpp"

#include <cmath>
#include <numbers>

#include "dsp/filter_design.hpp"
#include "dsp/fir.hpp"

namespace fmrx::rds {
namespace {

constexpr double kLowestRate_Hz = 19'000;

/// RDS reaches 2.4 kHz from its carrier, which may be some hertz off; the matched filter stops
/// from 3 kHz on. The difference signal, up to 30 dB stronger, must not fold onto that.
std::vector<double> design_low_pass(double multiplex_hz, double rate_hz) {
  return dsp::kaiser_low_pass(
      {.rate_hz = multiplex_hz, .pass_hz = 2'450, .stop_hz = rate_hz - 3'000, .attenuation_db = 70});
}

std::size_t decimation(double multiplex_hz) {
  return static_cast<std::size_t>(multiplex_hz / kLowestRate_Hz);
}

}  // namespace

SubcarrierBand::SubcarrierBand(double rate_hz, std::size_t max_block)
    : step_(decimation(rate_hz)),
      rate_hz_(rate_hz / static_cast<double>(step_)),
      delay_s_(0),
      turns_(std::remainder(kSubcarrier_Hz / rate_hz_, 1.0)),
      input_(0, 0) {
  const std::vector<double> low_pass = design_low_pass(rate_hz, rate_hz_);
  const double centre = static_cast<double>(low_pass.size() - 1) / 2;
  std::vector<double> re;
  std::vector<double> im;
  for (std::size_t k = 0; k < low_pass.size(); ++k) {
    const std::complex<double> phasor = std::polar(
        2.0, -2 * std::numbers::pi *
                 std::remainder(kSubcarrier_Hz / rate_hz * (static_cast<double>(k) - centre), 1.0));
    re.push_back(low_pass[k] * phasor.real());
    im.push_back(low_pass[k] * phasor.imag());
  }
  taps_re_ = dsp::padded_taps(re);
  taps_im_ = dsp::padded_taps(im);
  delay_s_ = (centre - static_cast<double>(step_ - 1)) / rate_hz;
  input_ = dsp::StreamBuffer(taps_re_.size() - step_, taps_re_.size() + step_ + max_block);
  re_.resize(max_block / step_ + 1);
  im_.resize(re_.size());
  for (std::size_t k = 0; k < kTurns; ++k)
    turn_table_.emplace_back(std::conj(turns_.phasor(static_cast<std::int64_t>(k))));
}

dsp::ComplexView SubcarrierBand::process(std::span<const float> multiplex) {
  input_.append(multiplex);
  const std::size_t window = taps_re_.size();
  const std::size_t count = input_.size() < window ? 0 : (input_.size() - window) / step_ + 1;
  dsp::fir_decimate(taps_re_, step_, input_.data(), {re_.data(), count});
  dsp::fir_decimate(taps_im_, step_, input_.data(), {im_.data(), count});
  input_.drop(count * step_);
  turn(count);
  return {{re_.data(), count}, {im_.data(), count}};
}

/// The folded oscillator starts anew at each output; this makes it run on.
void SubcarrierBand::turn(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i, ++outputs_) {
    const auto phase = static_cast<std::size_t>(outputs_) % kTurns;
    if (phase == 0) turn_base_ = std::complex<float>(std::conj(turns_.phasor(outputs_)));
    const std::complex<float> by = turn_base_ * turn_table_[phase];
    const float re = re_[i] * by.real() - im_[i] * by.imag();
    im_[i] = re_[i] * by.imag() + im_[i] * by.real();
    re_[i] = re;
  }
}

}  // namespace fmrx::rds
