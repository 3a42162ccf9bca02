// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/stereo_demodulator.hpp"

#include <cmath>
#include <numbers>

#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::SampleRate;
using namespace fmrx::dsp;
using std::numbers::pi;

namespace {

const RatePlan kPlan{SampleRate(2'400'000)};

/// A baseband in which the difference signal is steady, at 0.25, and the pilot
/// has this phase and, until `pilot_until_s`, 6.75 kHz.
class Baseband {
 public:
  explicit Baseband(double phase_rad, double pilot_until_s = 1e9)
      : phase_rad_(phase_rad), pilot_until_s_(pilot_until_s) {}

  MultiplexBands next(std::size_t count) {
    for (BlockStream* const stream : {&sum_, &re_, &im_}) stream->begin_block(count);
    const std::span<float> sum = sum_.extend(count);
    const ComplexRoom difference{re_.extend(count), im_.extend(count)};
    for (std::size_t k = 0; k < count; ++k, ++n_) {
      const double t = static_cast<double>(n_) / kPlan.baseband_hz();
      const double pilot = t < pilot_until_s_ ? 0.09 * std::sin(2 * pi * kPilot_Hz * t + phase_rad_) : 0;
      sum[k] = static_cast<float>(pilot);
      // 0.25 sin(2wt + 2a), its positive frequency, still turning at 38 kHz.
      const std::complex<double> z =
          std::complex<double>(0, -0.125) * std::polar(1.0, 2 * pi * kSubcarrier_Hz * t + 2 * phase_rad_);
      difference.re[k] = static_cast<float>(z.real());
      difference.im[k] = static_cast<float>(z.imag());
    }
    return {sum, difference};
  }

 private:
  double phase_rad_;
  double pilot_until_s_;
  std::size_t n_ = 0;
  BlockStream sum_{StereoDemodulator::history(kPlan), 24'000};
  BlockStream re_{sum_};
  BlockStream im_{sum_};
};

std::vector<double> difference_of(StereoDemodulator& demodulator, Baseband& baseband, std::size_t count) {
  const SumAndDifference out = demodulator.process(baseband.next(count));
  return {out.difference.begin(), out.difference.end()};
}

}  // namespace

TEST_CASE("the difference signal comes out with its sign and size, whatever the pilot's phase") {
  const double phase_rad = GENERATE(0.0, 1.0, 2.5, -1.5, -3.0);
  Baseband baseband(phase_rad);
  StereoDemodulator demodulator(kPlan, StereoMode::automatic, best_kernels(), 24'000);
  static_cast<void>(difference_of(demodulator, baseband, 24'000));
  REQUIRE(demodulator.stereo());
  CHECK_THAT(demodulator.pilot_amplitude(), WithinAbs(0.09, 1e-5));
  for (const double s : difference_of(demodulator, baseband, 4800)) CHECK_THAT(s, WithinAbs(0.25, 1e-5));
}

TEST_CASE("stereo begins within 100 ms and fades in") {
  Baseband baseband(0.3);
  StereoDemodulator demodulator(kPlan, StereoMode::automatic, best_kernels(), 24'000);
  const std::vector<double> s = difference_of(demodulator, baseband, 9'600);  // 100 ms
  CHECK_THAT(s.back(), WithinAbs(0.25, 1e-3));
  // 30 ms are 2880 samples; twice the slope leaves room for the loop's settling.
  for (std::size_t n = 1; n < s.size(); ++n) CHECK(std::fabs(s[n] - s[n - 1]) < 2 * 0.25 / 2880);
}

TEST_CASE("when the pilot stops, the difference signal fades out within 200 ms, without a jump") {
  Baseband baseband(-0.7, 0.5);
  StereoDemodulator demodulator(kPlan, StereoMode::automatic, best_kernels(), 96'000);
  static_cast<void>(difference_of(demodulator, baseband, 47'000));
  REQUIRE(demodulator.stereo());
  const std::vector<double> s = difference_of(demodulator, baseband, 1'000 + 19'200);
  CHECK_FALSE(demodulator.stereo());
  CHECK(s.back() == 0);
  for (std::size_t n = 1; n < s.size(); ++n) CHECK(std::fabs(s[n] - s[n - 1]) < 2 * 0.25 / 2880);
}

TEST_CASE("mono stays mono although the pilot is there") {
  Baseband baseband(0);
  StereoDemodulator demodulator(kPlan, StereoMode::mono, best_kernels(), 24'000);
  for (const double s : difference_of(demodulator, baseband, 24'000)) CHECK(s == 0);
  CHECK(demodulator.pilot_locked());
  CHECK_FALSE(demodulator.stereo());
}
