// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <complex>
#include <numbers>
#include <span>
#include <vector>

#include "dsp/audio_filter.hpp"
#include "dsp/multiplex_splitter.hpp"
#include "dsp/stereo_demodulator.hpp"
#include "support/catch2.hpp"
#include "support/tone.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::SampleRate;
using namespace fmrx::dsp;
using std::numbers::pi;

namespace {

/// IF of 480 kHz, baseband of 96 kHz: the audio filter keeps every second sample.
const RatePlan kPlan{SampleRate(2'400'000)};
constexpr std::size_t kPoints = 9600;  ///< of a spectrum: lines 10 Hz apart

/// What is on the multiplex beside the programme, and tones that mix with 38 kHz at their worst:
/// 15 kHz on the sum (23 and 53 kHz), 14 kHz on the difference (52 and 24 kHz, and 62 and 90).
std::vector<float> multiplex(std::size_t count) {
  std::vector<float> out(count);
  const auto wave = [](double f_hz, std::size_t n) {
    return std::sin(2 * pi * std::remainder(f_hz * static_cast<double>(n) / kPlan.if_hz(), 1.0));
  };
  for (std::size_t n = 0; n < count; ++n) {
    const double sum = 0.4 * wave(15e3, n);
    const double difference = 0.4 * wave(14e3, n);
    const double rds = 0.013 * (wave(57e3 + 1190, n) + wave(57e3 - 1190, n));
    out[n] = static_cast<float>(sum + difference * wave(38e3, n) + 0.09 * wave(19e3, n) + rds);
  }
  return out;
}

/// The audio filter's outputs at the baseband's full rate: the frames of the stream and those of
/// the stream without its first sample, in turn.
std::vector<double> before_decimation(const MultiplexSplitter& splitter, std::span<const float> baseband,
                                      bool difference) {
  const auto droop = [&](double f_hz) { return splitter.droop(f_hz); };
  std::vector<double> out;
  for (const std::size_t skipped : {0U, 1U}) {
    AudioFilter filter(kPlan, Deemphasis::none, droop, droop, 0, best_kernels(), baseband.size());
    const std::span<const float> in = baseband.subspan(skipped, baseband.size() - 1);
    const SumAndDifference audio =
        filter.process({in, in}, in.size() * kPlan.if_decimation * kPlan.baseband_decimation);
    const std::span<const float> frames = difference ? audio.difference : audio.sum;
    out.resize(2 * frames.size());
    for (std::size_t n = 0; n < frames.size(); ++n) out[2 * n + skipped] = static_cast<double>(frames[n]);
  }
  return out;
}

double line_db(std::span<const double> signal, double f_hz) {
  return fmrx::test::decibels(fmrx::test::fit_tone(signal, f_hz / kPlan.baseband_hz()).amplitude());
}

}  // namespace

TEST_CASE("products of pilot, RDS and 38 kHz are below -90 dB before the last decimation") {
  constexpr std::size_t kCount = 480'000;
  MultiplexSplitter splitter(kPlan, best_kernels(), kCount,
                             StereoDemodulator::history(kPlan) + AudioFilter::history(kPlan));
  StereoDemodulator demodulator(kPlan, StereoMode::stereo, best_kernels(), splitter.max_output(),
                                AudioFilter::history(kPlan));
  BlockStream in(splitter.history(), kCount);
  splitter.begin_block(kCount);
  const SumAndDifference baseband = demodulator.process(splitter.process(in.next_block(multiplex(kCount))));
  const bool difference = GENERATE(false, true);
  const std::vector<double> all =
      before_decimation(splitter, difference ? baseband.difference : baseband.sum, difference);
  const auto settled = std::span(all).last(2 * kPoints).first(kPoints);
  const double tone_hz = difference ? 14e3 : 15e3;
  REQUIRE_THAT(line_db(settled, tone_hz), WithinAbs(fmrx::test::decibels(0.4), 0.01));
  double highest_db = -300;
  double at_hz = 0;
  for (double f_hz = kAudioStop_Hz; f_hz < kPlan.baseband_hz() / 2; f_hz += 10) {
    const double level_db = line_db(settled, f_hz);
    if (level_db <= highest_db) continue;
    highest_db = level_db;
    at_hz = f_hz;
  }
  CAPTURE(difference, highest_db, at_hz);
  CHECK(highest_db < -90);
}
