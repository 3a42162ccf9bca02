// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/multiplex_splitter.hpp"

#include <cmath>
#include <complex>
#include <numbers>

#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::SampleRate;
using namespace fmrx::dsp;
using std::numbers::pi;

namespace {

/// The bands of cos(2 pi f t), once the filter is full.
struct Bands {
  std::vector<double> sum;
  std::vector<std::complex<double>> difference;  ///< turned back by 38 kHz
};

Bands split(const RatePlan& plan, double f_hz) {
  MultiplexSplitter splitter(plan, best_kernels(), 4800);
  std::vector<float> x;
  for (int n = 0; n < 4800; ++n) x.push_back(static_cast<float>(std::cos(2 * pi * f_hz / plan.if_hz() * n)));
  BlockStream in(splitter.history(), x.size());
  splitter.begin_block(x.size());
  const MultiplexBands out = splitter.process(in.next_block(x));
  Bands bands;
  for (std::size_t m = 100; m < out.sum.size(); ++m) {
    bands.sum.push_back(static_cast<double>(out.sum[m]));
    const std::complex<double> turning(static_cast<double>(out.difference.re[m]),
                                       static_cast<double>(out.difference.im[m]));
    bands.difference.push_back(
        turning * std::polar(1.0, -2 * pi * kSubcarrier_Hz / plan.baseband_hz() * static_cast<double>(m)));
  }
  return bands;
}

}  // namespace

TEST_CASE("the difference band stands still when the multiplex is at 38 kHz") {
  const RatePlan plan{SampleRate(GENERATE(240'000u, 1'024'000u, 2'400'000u))};
  const Bands bands = split(plan, 38e3);
  for (const std::complex<double> z : bands.difference) {
    // Half the amplitude is in the other half of the spectrum, 102 dB down; the
    // phase is that of the filter's first centre, the same for all samples.
    CHECK_THAT(std::abs(z), WithinAbs(0.5, 1e-5));
    CHECK_THAT(std::abs(z - bands.difference.front()), WithinAbs(0, 1e-5));
  }
}

TEST_CASE("sum and difference band have one droop") {
  const RatePlan plan{SampleRate(2'400'000)};
  const MultiplexSplitter splitter(plan, best_kernels(), 64);
  const double f_hz = GENERATE(1e3, 10e3, 15e3);
  double peak = 0;
  for (const double s : split(plan, f_hz).sum) peak = std::max(peak, std::fabs(s));
  CHECK_THAT(peak, WithinAbs(splitter.droop(f_hz), 0.02));  // peaks of a sampled cosine
  for (const std::complex<double> z : split(plan, 38e3 + f_hz).difference)
    CHECK_THAT(std::abs(z), WithinAbs(splitter.droop(f_hz) / 2, 1e-5));
}
