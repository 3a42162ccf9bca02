// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

namespace fmrx::dsp {

/// Power spectrum of a short run of complex samples. Its window (Blackman-Harris, four
/// terms) lets nothing leak farther than 4 points beyond -92 dB, so that a weak station
/// is seen beside a strong one.
class PowerSpectrum {
 public:
  static constexpr std::size_t kPoints = 512;

  PowerSpectrum();

  /// Power at k * rate / kPoints for k = 0 .. kPoints - 1, the upper half being the
  /// negative frequencies; the sum is the mean power. `re` and `im` have kPoints
  /// samples. Valid until the next call.
  [[nodiscard]] std::span<const float, kPoints> measure(const float* re, const float* im);

 private:
  struct Fft;
  struct FftDeleter {
    void operator()(Fft* fft) const;
  };

  std::array<float, kPoints> window_;
  std::array<float, kPoints> power_{};
  std::unique_ptr<Fft, FftDeleter> fft_;
};

}  // namespace fmrx::dsp
