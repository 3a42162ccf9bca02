// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "base/iq.hpp"

namespace fmrx::test {

/// An exact FM stereo transmitter for tests. The multiplex is a sum of sinusoids,
/// so its integral, the carrier's phase, is known in closed form.
class FmModulator {
 public:
  explicit FmModulator(double rate_hz, double carrier_hz = 0, double level = 0.5)
      : rate_hz_(rate_hz), carrier_hz_(carrier_hz), level_(level) {}

  /// A tone of these deviations (in Hz, as if alone on both channels) on left and
  /// right, with pre-emphasis: ITU-R BS.450-4 puts (L + R) / 2 on the multiplex
  /// and (L - R) / 2 on 38 kHz.
  FmModulator& tone(double f_hz, double left_hz, double right_hz, double preemphasis_s = 0) {
    const std::complex<double> emphasis(1, 2 * kPi * f_hz * preemphasis_s);
    const double gain = std::abs(emphasis);
    const double phase = std::arg(emphasis);
    const double sum_hz = gain * (left_hz + right_hz) / 2;
    const double difference_hz = gain * (left_hz - right_hz) / 2;
    line(f_hz, sum_hz, phase);
    // sin(a) cos(b) = (sin(a + b) + sin(a - b)) / 2
    line(38e3 + f_hz, difference_hz / 2, phase - kPi / 2);
    line(38e3 - f_hz, difference_hz / 2, -phase - kPi / 2);
    return *this;
  }

  /// sin(2 pi 19 kHz t), of this deviation, until `until_s`.
  FmModulator& pilot(double deviation_hz = 6750, double until_s = std::numeric_limits<double>::infinity(),
                     double f_hz = 19e3) {
    return line(f_hz, deviation_hz, -kPi / 2, until_s);
  }

  /// deviation_hz * cos(2 pi f t + phase) on the multiplex.
  FmModulator& line(double f_hz, double deviation_hz, double phase_rad,
                    double until_s = std::numeric_limits<double>::infinity()) {
    if (deviation_hz != 0) lines_.push_back({f_hz, deviation_hz, phase_rad, until_s});
    return *this;
  }

  /// White Gaussian noise, this far below the carrier in 200 kHz.
  FmModulator& noise(double carrier_to_noise_db, std::uint64_t seed = 1) {
    seed_ = seed;
    noise_rms_ = level_ * std::sqrt(std::pow(10.0, -carrier_to_noise_db / 10) * rate_hz_ / 200e3 / 2);
    return *this;
  }

  [[nodiscard]] std::complex<double> sample(std::size_t index) {
    const double t = static_cast<double>(index) / rate_hz_;
    double phase = 2 * kPi * std::remainder(carrier_hz_ * t, 1.0);
    for (const Line& one : lines_)
      phase += one.deviation_hz / one.f_hz *
               std::sin(2 * kPi * one.f_hz * std::min(t, one.until_s) + one.phase_rad);
    std::complex<double> z = std::polar(level_, phase);
    if (noise_rms_ > 0)
      z += std::polar(noise_rms_ * std::sqrt(-2 * std::log(uniform())), 2 * kPi * uniform());
    return z;
  }

  /// The first `count` samples as a receiver gets them.
  [[nodiscard]] std::vector<std::byte> bytes(std::size_t count, IqFormat format) {
    std::vector<std::byte> out(count * bytes_per_sample(format));
    std::byte* to = out.data();
    const auto put = [&to](auto value) {
      std::memcpy(to, &value, sizeof value);
      to += sizeof value;
    };
    for (std::size_t n = 0; n < count; ++n) {
      const std::complex<double> z = sample(n);
      for (const double part : {z.real(), z.imag()}) {
        switch (format) {
          case IqFormat::cu8:
            put(static_cast<std::uint8_t>(std::clamp(std::lround(part * 127.5 + 127.5), 0L, 255L)));
            break;
          case IqFormat::cs16:
            put(static_cast<std::int16_t>(std::clamp(std::lround(part * 32767), -32768L, 32767L)));
            break;
          case IqFormat::cf32:
            put(static_cast<float>(part));
            break;
        }
      }
    }
    return out;
  }

 private:
  static constexpr double kPi = std::numbers::pi;

  struct Line {
    double f_hz, deviation_hz, phase_rad, until_s;
  };

  /// Between 0 and 1, the same in every run (splitmix64).
  double uniform() {
    std::uint64_t x = seed_ += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return (static_cast<double>((x ^ (x >> 31U)) >> 11U) + 0.5) * 0x1p-53;
  }

  double rate_hz_;
  double carrier_hz_;
  double level_;
  double noise_rms_ = 0;
  std::uint64_t seed_ = 1;
  std::vector<Line> lines_;
};

}  // namespace fmrx::test
