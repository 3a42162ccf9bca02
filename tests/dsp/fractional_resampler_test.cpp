// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/fractional_resampler.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "support/catch2.hpp"
#include "support/tone.hpp"

using namespace fmrx;
using Catch::Matchers::WithinAbs;
using dsp::FractionalResampler;

namespace {

constexpr std::size_t kBlock_frames = 700;

/// A cosine on the left, on the right the same with half the amplitude.
std::vector<float> tone(double f_hz, std::size_t frames) {
  std::vector<float> samples;
  for (std::size_t n = 0; n < frames; ++n) {
    const double turns = std::remainder(f_hz / 48'000 * static_cast<double>(n), 1.0);
    const auto value = static_cast<float>(0.8 * std::cos(2 * std::numbers::pi * turns));
    samples.push_back(value);
    samples.push_back(value / 2);
  }
  return samples;
}

std::vector<float> resampled(FractionalResampler& resampler, const std::vector<float>& in,
                             std::size_t block_frames = kBlock_frames) {
  std::vector<float> out;
  for (std::size_t at = 0; at < in.size(); at += 2 * block_frames) {
    const auto made =
        resampler.process(std::span(in).subspan(at, std::min(2 * block_frames, in.size() - at)));
    out.insert(out.end(), made.begin(), made.end());
  }
  return out;
}

}  // namespace

TEST_CASE("a resampled tone is clean to 90 dB at any card's rate, and in place") {
  for (const std::uint32_t rate : {8'000U, 16'000U, 22'050U, 32'000U, 44'100U, 48'000U, 96'000U, 192'000U}) {
    const double highest_hz = std::min(15'000.0, 0.42 * rate);
    for (const double f_hz : {30.0, 997.0, 0.61 * highest_hz, highest_hz}) {
      FractionalResampler resampler{SampleRate(rate), kBlock_frames};
      const std::vector<float> out = resampled(resampler, tone(f_hz, 96'000));
      const std::size_t from = rate / 2;
      const std::vector<double> left = test::channel(out, 0, from);
      INFO(rate << " S/s, " << f_hz << " Hz, " << test::sinad_db(left, f_hz / rate) << " dB");
      CHECK(test::sinad_db(left, f_hz / rate) > 90);
      const test::Tone heard = test::fit_tone(left, f_hz / rate);
      CHECK_THAT(test::decibels(heard.amplitude() / 0.8), WithinAbs(0, 0.0005));
      // Output frame 0 is input frame 0.
      const double turns = std::remainder(f_hz / rate * static_cast<double>(from), 1.0);
      CHECK_THAT(std::remainder(heard.phase() / (2 * std::numbers::pi) - turns, 1.0), WithinAbs(0, 2e-6));
      CHECK_THAT(test::fit_tone(test::channel(out, 1, from), f_hz / rate).amplitude(), WithinAbs(0.4, 4e-5));
    }
  }
}

TEST_CASE("a resampled tone is clean between two clocks") {
  for (const double ppm : {-300.0, -0.7, 0.02, 137.0}) {
    FractionalResampler resampler(SampleRate(48'000), kBlock_frames);
    resampler.set_speed(ppm);
    const std::vector<float> out = resampled(resampler, tone(15'000, 96'000));
    const double f = 15'000.0 / 48'000 * (1 + ppm * 1e-6);
    INFO(ppm << " ppm, " << test::sinad_db(test::channel(out, 0, 24'000), f) << " dB");
    // The step is rounded to 2^-32 of a frame: 1.2e-10 of the frequency.
    CHECK(test::sinad_db(test::channel(out, 0, 24'000), f) > 90);
  }
}

TEST_CASE("what is above a slow card's band does not fold into it") {
  FractionalResampler resampler(SampleRate(16'000), kBlock_frames);
  const std::vector<float> out = resampled(resampler, tone(10'000, 96'000));
  const std::vector<double> left = test::channel(out, 0, 8'000);
  CHECK(test::decibels(test::windowed_rms(left) / (0.8 / std::numbers::sqrt2)) < -95);
}

TEST_CASE("the number of resampled frames follows the speed exactly") {
  FractionalResampler resampler(SampleRate(44'100), kBlock_frames);
  resampler.set_speed(-250);
  const std::vector<float> out = resampled(resampler, tone(1'000, 4'800'000));
  const double expected = 4'800'000 * 44'100.0 / 48'000 / (1 - 250e-6);
  CHECK_THAT(static_cast<double>(out.size()) / 2, WithinAbs(expected - 44'100 * resampler.delay_s(), 2));
}

TEST_CASE("resampling does not depend on how its input is cut") {
  const std::vector<float> in = tone(3'000, 20'000);
  FractionalResampler whole(SampleRate(44'100), 20'000);
  FractionalResampler pieces(SampleRate(44'100), 20'000);
  whole.set_speed(77);
  pieces.set_speed(77);
  CHECK(resampled(whole, in, 20'000) == resampled(pieces, in, 37));
}

TEST_CASE("a change of speed leaves a tone without a step") {
  FractionalResampler resampler(SampleRate(48'000), kBlock_frames);
  std::vector<float> out = resampled(resampler, tone(1'000, 24'000));
  resampler.set_speed(300);
  // The same tone, continued: 24,000 frames are whole periods.
  const std::vector<float> after = resampled(resampler, tone(1'000, 24'000));
  out.insert(out.end(), after.begin(), after.end());
  // A sampled cosine obeys x[n+1] + x[n-1] = 2 cos(w) x[n], whatever its phase.
  const double w = 2 * std::numbers::pi * 1'000 / 48'000;
  double largest = 0;
  for (std::size_t i = 200; i + 2 < out.size(); i += 2) {
    const double residue = static_cast<double>(out[i + 2]) + static_cast<double>(out[i - 2]) -
                           2 * std::cos(w) * static_cast<double>(out[i]);
    largest = std::max(largest, std::fabs(residue));
  }
  // Where the speed changes, one neighbour is 3e-4 of a frame from its old place: 0.8 w 3e-4 =
  // 3.14e-5; beyond, the residue is 2 sin(w) 3e-4 w 0.8 = 8e-6. A step of a hundredth of a frame
  // would give 1e-3.
  CHECK(largest < 3.3e-5);
}
