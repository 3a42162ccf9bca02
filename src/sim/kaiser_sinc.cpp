// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/kaiser_sinc.hpp"

#include <cmath>
#include <numbers>

namespace fmrx::sim {

namespace {

/// Modified Bessel function of the first kind, order 0, by its power series.
/// std::cyl_bessel_i would do, but libc++ has none.
double bessel_i0(double x) {
  const double quarter = x * x / 4;
  double term = 1;
  double sum = 1;
  for (int k = 1; term > sum * 1e-17; ++k) {
    term *= quarter / (static_cast<double>(k) * k);
    sum += term;
  }
  return sum;
}

double kaiser_beta(double attenuation_db) {
  if (attenuation_db > 50) return 0.1102 * (attenuation_db - 8.7);
  if (attenuation_db < 21) return 0;
  return 0.5842 * std::pow(attenuation_db - 21, 0.4) + 0.07886 * (attenuation_db - 21);
}

}  // namespace

double kaiser_window(double position, double beta) {
  const double square = 1 - position * position;
  return square < 0 ? 0 : bessel_i0(beta * std::sqrt(square)) / bessel_i0(beta);
}

KaiserSinc::KaiserSinc(double cutoff, double half_width, double attenuation_db)
    : cutoff_(cutoff),
      half_width_(half_width),
      beta_(kaiser_beta(attenuation_db)),
      window_scale_(2 * cutoff / bessel_i0(beta_)) {}

double KaiserSinc::operator()(double time) const {
  const double position = time / half_width_;
  const double square = 1 - position * position;
  if (square < 0) return 0;
  const double angle = 2 * std::numbers::pi * cutoff_ * time;
  const double sinc = std::abs(angle) < 1e-8 ? 1 : std::sin(angle) / angle;
  return sinc * bessel_i0(beta_ * std::sqrt(square)) * window_scale_;
}

double KaiserSinc::derivative(double time) const {
  // Central differences of fourth order; with this step rounding and
  // truncation both stay near 1e-12.
  constexpr double kStep = 1e-3;
  const auto& kernel = *this;
  return (8 * (kernel(time + kStep) - kernel(time - kStep)) -
          (kernel(time + 2 * kStep) - kernel(time - 2 * kStep))) /
         (12 * kStep);
}

}  // namespace fmrx::sim
