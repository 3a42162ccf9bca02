// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/spectrum.hpp"

#include <fftw3.h>

#include <cmath>
#include <numbers>

namespace fmrx::dsp {

struct PowerSpectrum::Fft {
  fftwf_complex* in = fftwf_alloc_complex(kPoints);
  fftwf_complex* out = fftwf_alloc_complex(kPoints);  // in place it would copy
  // An estimated plan is the same in every run, and so are its roundings.
  fftwf_plan plan = fftwf_plan_dft_1d(kPoints, in, out, FFTW_FORWARD, FFTW_ESTIMATE);
};

void PowerSpectrum::FftDeleter::operator()(Fft* fft) const {
  fftwf_destroy_plan(fft->plan);
  fftwf_free(fft->in);
  fftwf_free(fft->out);
  delete fft;
}

PowerSpectrum::PowerSpectrum() : window_(), fft_(new Fft) {
  // F. J. Harris, "On the use of windows for harmonic analysis", 1978.
  constexpr double kTerms[] = {0.35875, 0.48829, 0.14128, 0.01168};
  double power = 0;
  for (std::size_t n = 0; n < kPoints; ++n) {
    const double turn = 2 * std::numbers::pi * (static_cast<double>(n) + 0.5) / kPoints;
    const double value = kTerms[0] - kTerms[1] * std::cos(turn) + kTerms[2] * std::cos(2 * turn) -
                         kTerms[3] * std::cos(3 * turn);
    window_[n] = static_cast<float>(value);
    power += value * value;
  }
  const double scale = 1 / std::sqrt(power * kPoints);
  for (float& value : window_) value *= static_cast<float>(scale);
}

std::span<const float, PowerSpectrum::kPoints> PowerSpectrum::measure(const float* re, const float* im) {
  fftwf_complex* const in = fft_->in;
  for (std::size_t n = 0; n < kPoints; ++n) {
    in[n][0] = window_[n] * re[n];
    in[n][1] = window_[n] * im[n];
  }
  fftwf_execute(fft_->plan);
  const fftwf_complex* const out = fft_->out;
  for (std::size_t k = 0; k < kPoints; ++k) power_[k] = out[k][0] * out[k][0] + out[k][1] * out[k][1];
  return power_;
}

}  // namespace fmrx::dsp
