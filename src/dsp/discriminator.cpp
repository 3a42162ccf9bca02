// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/discriminator.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "base/units.hpp"

namespace fmrx::dsp {

Discriminator::Discriminator(const Kernels& kernels, double rate_hz)
    : kernels_(kernels),
      gain_(static_cast<float>(rate_hz / (2 * std::numbers::pi * kFullScaleDeviation_Hz))) {}

void Discriminator::process(ComplexView in, float* out) {
  if (in.size() == 0) return;
  // The step from the last block to this one has samples in both.
  const std::array<float, kOutputSlack + 2> re{last_re_, in.re.front()};
  const std::array<float, kOutputSlack + 2> im{last_im_, in.im.front()};
  std::array<float, 1 + kOutputSlack> first{};
  kernels_.discriminate(re.data(), im.data(), 1, gain_, first.data());
  out[0] = first[0];
  kernels_.discriminate(in.re.data(), in.im.data(), in.size() - 1, gain_, out + 1);
  last_re_ = in.re.back();
  last_im_ = in.im.back();
}

double Discriminator::droop(double f_hz, double rate_hz) {
  const double x = std::numbers::pi * f_hz / rate_hz;
  return x == 0 ? 1.0 : std::sin(x) / x;
}

}  // namespace fmrx::dsp
