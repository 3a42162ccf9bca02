// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/filter_design.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fmrx::dsp {
namespace {

using std::numbers::pi;

/// Modified Bessel function of the first kind, order 0, by its power series.
double bessel_i0(double x) {
  double term = 1;
  double sum = 1;
  for (int k = 1; term > sum * 1e-17; ++k) {
    const double factor = x / (2.0 * k);
    term *= factor * factor;
    sum += term;
  }
  return sum;
}

double sinc(double x) {
  return x == 0 ? 1.0 : std::sin(pi * x) / (pi * x);
}

/// Points in the pass band at which a wanted response is read: several to each
/// turn that the longest filter's phase makes there.
constexpr std::size_t kPassPoints = 384;

double pass_point_hz(std::size_t point, double pass_hz) {
  return pass_hz * (static_cast<double>(point) + 0.5) / kPassPoints;
}

/// Keeps the normal equations well conditioned where no band is given.
constexpr double kTransitionWeight = 1e-12;

/// Kaiser's formulas are fits to long filters; short ones miss them by so much.
constexpr double kKaiserMargin_dB = 3;

/// Integral of cos(2 pi f d / rate) from f1 to f2, over rate.
double cosine_integral(double f1_hz, double f2_hz, double rate_hz, double d) {
  if (d == 0) return (f2_hz - f1_hz) / rate_hz;
  const double turn = 2 * pi * d / rate_hz;
  return (std::sin(turn * f2_hz) - std::sin(turn * f1_hz)) / (2 * pi * d);
}

/// cos(turn * n) for n = first, first + 1, ..., by the recurrence of Chebyshev's polynomials: within
/// 1e-11 for a thousand terms, and ten times as quick as as many cosines.
class Cosines {
 public:
  Cosines(double turn_rad, double first)
      : twice_(2 * std::cos(turn_rad)),
        now_(std::cos(turn_rad * first)),
        before_(std::cos(turn_rad * (first - 1))) {}

  double next() {
    const double value = now_;
    now_ = twice_ * value - before_;
    before_ = value;
    return value;
  }

 private:
  double twice_;
  double now_;
  double before_;
};

}  // namespace

double kaiser_window_at(double position, double beta) {
  const double inside = 1 - position * position;
  return inside < 0 ? 0 : bessel_i0(beta * std::sqrt(inside)) / bessel_i0(beta);
}

std::vector<double> kaiser_window(double attenuation_db, std::size_t half) {
  const double beta = 0.1102 * (attenuation_db + kKaiserMargin_dB - 8.7);
  std::vector<double> window;
  for (std::size_t n = 0; n <= 2 * half; ++n) {
    const double position = static_cast<double>(n) / static_cast<double>(half) - 1;
    window.push_back(kaiser_window_at(position, beta));
  }
  return window;
}

std::size_t kaiser_half_length(double transition_hz, double rate_hz, double attenuation_db) {
  const double transition_rad = 2 * pi * transition_hz / rate_hz;
  return static_cast<std::size_t>(
      std::ceil((attenuation_db + kKaiserMargin_dB - 7.95) / (2.285 * transition_rad) / 2));
}

std::vector<double> kaiser_low_pass(const LowPassMask& mask) {
  const std::size_t half = kaiser_half_length(mask.stop_hz - mask.pass_hz, mask.rate_hz, mask.attenuation_db);
  const double cutoff = (mask.pass_hz + mask.stop_hz) / 2 / mask.rate_hz;
  std::vector<double> taps = kaiser_window(mask.attenuation_db, half);
  for (std::size_t n = 0; n < taps.size(); ++n) {
    const double k = static_cast<double>(n) - static_cast<double>(half);
    taps[n] *= 2 * cutoff * sinc(2 * cutoff * k);
  }
  return taps;
}

std::vector<double> chebyshev_low_pass(double rate_hz, double stop_hz, double attenuation_db) {
  const double edge = 1 / std::cos(pi * stop_hz / rate_hz);
  const double order = std::acosh(std::pow(10.0, attenuation_db / 20)) / std::acosh(edge);
  const auto half = static_cast<int>(std::ceil(order / 2));
  const int count = 2 * half + 1;
  // Samples of the Chebyshev polynomial of degree count - 1, and back by a Fourier sum.
  const auto polynomial = [&](double x) {
    return std::fabs(x) <= 1 ? std::cos(2 * half * std::acos(x))
                             : std::cosh(2 * half * std::acosh(std::fabs(x)));
  };
  std::vector<double> samples;
  for (int n = 1; n <= half; ++n) samples.push_back(2 * polynomial(edge * std::cos(pi * n / count)));
  std::vector<double> taps;
  double sum = 0;
  for (int k = -half; k <= half; ++k) {
    Cosines cosines(2 * pi * k / count, 1);
    double tap = polynomial(edge);
    for (const double sample : samples) tap += sample * cosines.next();
    taps.push_back(tap);
    sum += tap;
  }
  for (double& tap : taps) tap /= sum;
  return taps;
}

std::complex<double> response(std::span<const double> taps, double f_hz, double rate_hz) {
  std::complex<double> sum = 0;
  for (std::size_t k = 0; k < taps.size(); ++k)
    sum += taps[k] * std::polar(1.0, -2 * pi * f_hz / rate_hz * static_cast<double>(k));
  return sum;
}

double zero_phase_response(std::span<const double> taps, double f_hz, double rate_hz) {
  // From the middle outward: two taps have each cosine.
  const std::size_t half = taps.size() / 2;
  const std::size_t is_odd = taps.size() % 2;
  Cosines cosines(2 * pi * f_hz / rate_hz, is_odd == 1 ? 0 : 0.5);
  double sum = is_odd == 1 ? taps[half] * cosines.next() : 0;
  for (std::size_t k = 0; k < half; ++k)
    sum += (taps[half - 1 - k] + taps[half + is_odd + k]) * cosines.next();
  return sum;
}

LeastSquaresDesign::LeastSquaresDesign(const Bands& bands, std::size_t taps)
    : count_(taps), rate_hz_(bands.rate_hz), pass_hz_(bands.pass_hz), lower_(taps * taps, 0.0) {
  std::vector<double> pass(taps, 0.0);
  for (std::size_t point = 0; point < kPassPoints; ++point) {
    Cosines cosines(2 * pi * pass_point_hz(point, pass_hz_) / rate_hz_, 0);
    for (double& sum : pass) sum += cosines.next();
  }
  std::vector<double> first_row(taps);
  for (std::size_t d = 0; d < taps; ++d) {
    const auto lag = static_cast<double>(d);
    first_row[d] =
        pass[d] * pass_hz_ / rate_hz_ / kPassPoints +
        kTransitionWeight * cosine_integral(bands.pass_hz, bands.stop_hz, rate_hz_, lag) +
        bands.soft_stop_weight * cosine_integral(bands.soft_stop_hz, bands.stop_hz, rate_hz_, lag) +
        bands.stop_weight * cosine_integral(bands.stop_hz, rate_hz_ / 2, rate_hz_, lag);
  }
  factorise(first_row);
}

/// Cholesky factor of the symmetric Toeplitz matrix of the normal equations.
void LeastSquaresDesign::factorise(std::span<const double> first_row) {
  const std::size_t n = count_;
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double sum = first_row[row - column];
      for (std::size_t k = 0; k < column; ++k) sum -= lower_[row * n + k] * lower_[column * n + k];
      lower_[row * n + column] = row == column ? std::sqrt(sum) : sum / lower_[column * n + column];
    }
  }
}

std::vector<double> LeastSquaresDesign::solve(std::vector<double> right) const {
  const std::size_t n = count_;
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t k = 0; k < row; ++k) right[row] -= lower_[row * n + k] * right[k];
    right[row] /= lower_[row * n + row];
  }
  for (std::size_t row = n; row-- > 0;) {
    right[row] /= lower_[row * n + row];
    for (std::size_t k = 0; k < row; ++k) right[k] -= lower_[row * n + k] * right[row];
  }
  return right;
}

std::vector<double> LeastSquaresDesign::taps(const std::function<std::complex<double>(double)>& wanted,
                                             double delay_samples) const {
  std::vector<double> right(count_, 0.0);
  for (std::size_t point = 0; point < kPassPoints; ++point) {
    const double f_hz = pass_point_hz(point, pass_hz_);
    const double turn = 2 * pi * f_hz / rate_hz_;
    std::complex<double> value =
        wanted(f_hz) * std::polar(pass_hz_ / rate_hz_ / kPassPoints, turn * delay_samples);
    const std::complex<double> back = std::polar(1.0, -turn);
    for (double& sum : right) {
      sum += value.real();
      value *= back;
    }
  }
  return solve(std::move(right));
}

}  // namespace fmrx::dsp
