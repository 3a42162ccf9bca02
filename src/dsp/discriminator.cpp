// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/discriminator.hpp"

#include <cmath>
#include <numbers>

#include "base/units.hpp"

namespace fmrx::dsp {

Discriminator::Discriminator(const Kernels& kernels, double rate_hz, std::size_t max_block)
    : kernels_(kernels),
      gain_(static_cast<float>(rate_hz / (2 * std::numbers::pi * kFullScaleDeviation_Hz))),
      re_(1, max_block + 1),
      im_(1, max_block + 1),
      multiplex_(max_block + kOutputSlack) {}

std::span<const float> Discriminator::process(ComplexView in) {
  const std::size_t count = in.size();
  re_.append(in.re);
  im_.append(in.im);
  kernels_.discriminate(re_.data(), im_.data(), count, gain_, multiplex_.data());
  re_.drop(count);
  im_.drop(count);
  return {multiplex_.data(), count};
}

double Discriminator::droop(double f_hz, double rate_hz) {
  const double x = std::numbers::pi * f_hz / rate_hz;
  return x == 0 ? 1.0 : std::sin(x) / x;
}

}  // namespace fmrx::dsp
