// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/audio_filter.hpp"

#include <cmath>
#include <numbers>

#include "support/catch2.hpp"
#include "support/tone.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::SampleRate;
using namespace fmrx::dsp;
using std::numbers::pi;

namespace {

double no_droop(double /*f_hz*/) {
  return 1;
}
double some_droop(double f_hz) {
  return 1 - 0.2 * std::pow(f_hz / 15e3, 2);
}

struct Audio {
  std::vector<double> sum, difference;
};

/// The answer to cos(2 pi f t) on the sum and half of it on the difference signal.
Audio filtered(const RatePlan& plan, AudioFilter& filter, double f_hz, std::size_t hops) {
  Audio audio;
  constexpr std::size_t kHop = RatePlan::kPilotDecimation;
  BlockStream sum_in(AudioFilter::history(plan), kHop);
  BlockStream difference_in(sum_in);
  std::uint64_t input_samples = 0;
  for (std::size_t hop = 0; hop < hops; ++hop) {
    std::vector<float> sum, difference;
    for (std::size_t k = 0; k < kHop; ++k) {
      const double n = static_cast<double>(hop * kHop + k);
      sum.push_back(
          static_cast<float>(std::cos(2 * pi * std::remainder(f_hz / plan.baseband_hz() * n, 1.0))));
      difference.push_back(sum.back() / 2);
    }
    input_samples += std::uint64_t{kHop} * plan.if_decimation * plan.baseband_decimation;
    const SumAndDifference out =
        filter.process({sum_in.next_block(sum), difference_in.next_block(difference)}, input_samples);
    audio.sum.insert(audio.sum.end(), out.sum.begin(), out.sum.end());
    audio.difference.insert(audio.difference.end(), out.difference.begin(), out.difference.end());
  }
  return audio;
}

std::vector<double> settled(const std::vector<double>& audio) {
  return {audio.begin() + 300, audio.end()};
}

}  // namespace

TEST_CASE("the audio filter is the analogue de-emphasis, in magnitude and phase") {
  // One, twelve and 75 phases, and one so odd that phases are interpolated.
  const RatePlan plan{SampleRate(GENERATE(2'400'000u, 1'000'000u, 225'000u, 1'234'567u))};
  const Deemphasis deemphasis = GENERATE(Deemphasis::none, Deemphasis::us50, Deemphasis::us75);
  AudioFilter filter(plan, deemphasis, no_droop, some_droop, 0, best_kernels(), 64);
  for (const double f_hz : {100.0, 1e3, 5e3, 10e3, 15e3}) {
    AudioFilter fresh = filter;
    const Audio audio = filtered(plan, fresh, f_hz, 600);
    const std::complex<double> wanted = deemphasis_response(deemphasis, f_hz);
    // The first fitted frame stands for its own time less the delay.
    const double delay_s = fresh.delay_baseband_samples() / plan.baseband_hz();
    const double phase = 2 * pi * f_hz * (300 / 48e3 - delay_s) + std::arg(wanted);
    const auto sum = fmrx::test::fit_tone(settled(audio.sum), f_hz / 48e3);
    const auto difference = fmrx::test::fit_tone(settled(audio.difference), f_hz / 48e3);
    INFO("rate " << plan.input.value() << ", f " << f_hz);
    // 2e-4: 0.002 dB at low frequencies, 0.012 dB where 75 us take 17 dB.
    CHECK_THAT(std::abs(sum.phasor - std::polar(std::abs(wanted), phase)), WithinAbs(0, 2e-4));
    CHECK_THAT(std::abs(difference.phasor - std::polar(std::abs(wanted) / 2, phase) / some_droop(f_hz)),
               WithinAbs(0, 2e-4));
  }
}

TEST_CASE("the audio filter stops everything from 18.4 kHz on") {
  const RatePlan plan{SampleRate(GENERATE(2'400'000u, 1'000'000u, 1'234'567u))};
  AudioFilter filter(plan, Deemphasis::none, no_droop, no_droop, 0, best_kernels(), 64);
  for (const double f_hz : {18.4e3, 19e3, 23e3, 33e3, 38e3, 45e3}) {
    AudioFilter fresh = filter;
    const std::vector<double> audio = settled(filtered(plan, fresh, f_hz, 200).sum);
    INFO("rate " << plan.input.value() << ", f " << f_hz);
    CHECK(fmrx::test::decibels(fmrx::test::windowed_rms(audio) * std::numbers::sqrt2) < -90);
  }
}

TEST_CASE("frames come when the capture's clock says so, for ever") {
  const RatePlan plan{SampleRate(1'234'567)};
  AudioFilter filter(plan, Deemphasis::us50, no_droop, no_droop, 0, best_kernels(), 64);
  const std::uint64_t in_hop =
      std::uint64_t{RatePlan::kPilotDecimation} * plan.if_decimation * plan.baseband_decimation;
  const std::vector<float> silence(RatePlan::kPilotDecimation, 0.0F);
  BlockStream in(AudioFilter::history(plan), silence.size());
  std::uint64_t frames = 0;
  for (std::uint64_t hop = 1; hop <= 20'000; ++hop) {
    const std::span<const float> block = in.next_block(silence);
    frames += filter.process({block, block}, hop * in_hop).sum.size();
    REQUIRE(frames == hop * in_hop * 48'000 / 1'234'567);
  }
}
