// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/usb/front_end_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace fmrx::test {

namespace {

/// Thermal noise of the antenna's resistance in 200 kHz.
constexpr double kThermal_dBFS = -86;
constexpr double kThermalBandwidth_Hz = 200e3;

/// At the most gain; and of what follows the LNA and the mixer, referred to gain 0.
constexpr double kLeastNoiseFigure_dB = 3.5;
constexpr double kLaterNoiseFigure_dB = 30;

/// Third-order intercepts: before the gain, and behind it.
constexpr double kInputIntercept_dBFS = 20;
constexpr double kOutputIntercept_dBFS = 14;

/// Of the converter, before it rounds, in steps of it.
constexpr double kConverterNoise_lsb = 0.4;
constexpr double kFullScale_lsb = 127.5;

constexpr double kAgcTarget_dBFS = -9;
constexpr double kAgcLeast_dB = 0;
constexpr double kAgcMost_dB = 49.6;

double power_of(double decibels) {
  return std::pow(10.0, decibels / 10);
}
float amplitude_of(double decibels) {
  return static_cast<float>(std::pow(10.0, decibels / 20));
}

/// A third-order term with this intercept (|x|^2 at which it would be as strong as x); beyond
/// its turning point the amplifier is saturated.
std::complex<float> distort(std::complex<float> x, float intercept_power) {
  const float power = std::min(std::norm(x) / intercept_power, 1.0F / 3);
  const float limit = std::sqrt(intercept_power / 3);
  if (std::norm(x) > intercept_power / 3) x *= limit / std::abs(x);
  return x * (1 - power);
}

}  // namespace

FrontEndModel::FrontEndModel(SampleRate rate, std::uint64_t seed) : rate_hz_(rate.hz()), state_(seed + 1) {}

Decibels FrontEndModel::noise_figure(Decibels gain) {
  return Decibels(10 *
                  std::log10(power_of(kLeastNoiseFigure_dB) + power_of(kLaterNoiseFigure_dB - gain.value())));
}

void FrontEndModel::apply(std::span<std::complex<float>> iq, std::optional<Decibels> gain) {
  const Decibels step = gain ? *gain : gain_of_agc(iq);
  // The antenna's own noise is part of the signal.
  const double tuner_noise =
      power_of(kThermal_dBFS) * (power_of(noise_figure(step).value()) - 1) * rate_hz_ / kThermalBandwidth_Hz;
  const float factor = amplitude_of((step - kMiddleGain).value());
  const auto sigma = static_cast<float>(
      std::hypot(std::sqrt(tuner_noise / 2) * factor, kConverterNoise_lsb / kFullScale_lsb));
  const auto input_intercept = static_cast<float>(power_of(kInputIntercept_dBFS));
  const auto output_intercept = static_cast<float>(power_of(kOutputIntercept_dBFS));
  for (std::complex<float>& sample : iq) {
    sample = distort(distort(sample, input_intercept) * factor, output_intercept);
    sample += sigma * std::complex<float>(gaussian(), gaussian());
  }
}

Decibels FrontEndModel::gain_of_agc(std::span<const std::complex<float>> iq) {
  double sum = 0;
  for (const std::complex<float> sample : iq) sum += std::norm(sample);
  const double power = sum / static_cast<double>(std::max<std::size_t>(iq.size(), 1));
  power_ = power_ == 0 ? power : power_ + 0.1 * (power - power_);
  const double wanted = kAgcTarget_dBFS - 10 * std::log10(power_ + 1e-12) + kMiddleGain.value();
  return Decibels(std::clamp(wanted, kAgcLeast_dB, kAgcMost_dB));
}

/// The sum of twelve uniform numbers, less its mean, of variance one: here 8 bits each are enough.
float FrontEndModel::gaussian() {
  std::uint32_t sum = 0;
  for (int word = 0; word < 2; ++word) {
    // SplitMix64 (Steele, Lea, Flood 2014).
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ z >> 30U) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27U) * 0x94D049BB133111EBU;
    z ^= z >> 31U;
    for (unsigned shift = 0; shift < 48; shift += 8) sum += z >> shift & 0xFFU;
  }
  // Twelve bytes: mean 12 * 127.5, variance 12 * (256^2 - 1) / 12.
  return (static_cast<float>(sum) - 1530.0F) / 256.0F;
}

}  // namespace fmrx::test
