// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/discriminator.hpp"

#include <cmath>
#include <numbers>

#include "base/units.hpp"
#include "dsp/arctangent.hpp"

namespace fmrx::dsp {

Discriminator::Discriminator(double rate_hz, std::size_t max_block)
    : gain_(static_cast<float>(rate_hz / (2 * std::numbers::pi * kFullScaleDeviation_Hz))),
      re_(1, max_block + 1),
      im_(1, max_block + 1),
      step_re_(max_block),
      step_im_(max_block),
      multiplex_(max_block) {}

std::span<const float> Discriminator::process(ComplexView in) {
  const std::size_t count = in.size();
  re_.append(in.re);
  im_.append(in.im);
  const float* const re = re_.data();
  const float* const im = im_.data();
  float* const step_re = step_re_.data();
  float* const step_im = step_im_.data();
  for (std::size_t n = 0; n < count; ++n) {
    step_re[n] = re[n + 1] * re[n] + im[n + 1] * im[n];
    step_im[n] = im[n + 1] * re[n] - re[n + 1] * im[n];
  }
  re_.drop(count);
  im_.drop(count);
  const std::span<float> multiplex(multiplex_.data(), count);
  scaled_arctangent({step_im, count}, {step_re, count}, gain_, multiplex);
  return multiplex;
}

double Discriminator::droop(double f_hz, double rate_hz) {
  const double x = std::numbers::pi * f_hz / rate_hz;
  return x == 0 ? 1.0 : std::sin(x) / x;
}

}  // namespace fmrx::dsp
