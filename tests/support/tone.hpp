// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

namespace fmrx::test {

/// One channel of interleaved audio, from a frame on.
inline std::vector<double> channel(std::span<const float> interleaved, std::size_t which,
                                   std::size_t first_frame) {
  std::vector<double> out;
  for (std::size_t n = 2 * first_frame + which; n < interleaved.size(); n += 2)
    out.push_back(static_cast<double>(interleaved[n]));
  return out;
}

inline double decibels(double ratio) {
  return 20 * std::log10(ratio);
}

/// A sinusoid fitted to a signal under a four-term Blackman-Harris window, whose
/// side lobes are below -92 dB: amplitude * cos(2 pi f n + phase), n from the
/// signal's first sample.
struct Tone {
  std::complex<double> phasor;
  [[nodiscard]] double amplitude() const { return std::abs(phasor); }
  [[nodiscard]] double phase() const { return std::arg(phasor); }
};

inline std::vector<double> blackman_harris(std::size_t size) {
  std::vector<double> window(size);
  for (std::size_t n = 0; n < size; ++n) {
    const double x = 2 * std::numbers::pi * (static_cast<double>(n) + 0.5) / static_cast<double>(size);
    window[n] = 0.35875 - 0.48829 * std::cos(x) + 0.14128 * std::cos(2 * x) - 0.01168 * std::cos(3 * x);
  }
  return window;
}

inline Tone fit_tone(std::span<const double> signal, double f_per_sample) {
  const std::vector<double> window = blackman_harris(signal.size());
  std::complex<double> sum = 0;
  double weight = 0;
  for (std::size_t n = 0; n < signal.size(); ++n) {
    const double turn = 2 * std::numbers::pi * std::remainder(f_per_sample * static_cast<double>(n), 1.0);
    sum += window[n] * signal[n] * std::polar(1.0, -turn);
    weight += window[n];
  }
  return {2.0 * sum / weight};
}

/// Effective value under the same window.
inline double windowed_rms(std::span<const double> signal) {
  const std::vector<double> window = blackman_harris(signal.size());
  double sum = 0;
  double weight = 0;
  for (std::size_t n = 0; n < signal.size(); ++n) {
    sum += window[n] * signal[n] * signal[n];
    weight += window[n];
  }
  return std::sqrt(sum / weight);
}

/// Takes out what is too slow to be heard: a parabola, fitted under the window.
inline void remove_drift(std::vector<double>& signal) {
  const std::vector<double> window = blackman_harris(signal.size());
  std::vector<std::vector<double>> basis;
  for (int power = 0; power <= 2; ++power) {
    std::vector<double> shape(signal.size());
    for (std::size_t n = 0; n < shape.size(); ++n)
      shape[n] = std::pow(static_cast<double>(n) / static_cast<double>(shape.size()) - 0.5, power);
    const auto subtract = [&window](std::vector<double>& from, const std::vector<double>& unit) {
      double share = 0;
      for (std::size_t n = 0; n < unit.size(); ++n) share += window[n] * from[n] * unit[n];
      for (std::size_t n = 0; n < unit.size(); ++n) from[n] -= share * unit[n];
    };
    for (const std::vector<double>& unit : basis) subtract(shape, unit);
    double norm = 0;
    for (std::size_t n = 0; n < shape.size(); ++n) norm += window[n] * shape[n] * shape[n];
    for (double& x : shape) x /= std::sqrt(norm);
    subtract(signal, shape);
    basis.push_back(std::move(shape));
  }
}

/// Tone over everything else that can be heard, dB.
inline double sinad_db(std::span<const double> signal, double f_per_sample) {
  const Tone tone = fit_tone(signal, f_per_sample);
  std::vector<double> rest(signal.begin(), signal.end());
  for (std::size_t n = 0; n < rest.size(); ++n)
    rest[n] -= tone.amplitude() *
               std::cos(2 * std::numbers::pi * std::remainder(f_per_sample * static_cast<double>(n), 1.0) +
                        tone.phase());
  remove_drift(rest);
  return decibels(tone.amplitude() / std::numbers::sqrt2 / windowed_rms(rest));
}

}  // namespace fmrx::test
