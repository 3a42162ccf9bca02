// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Masks of the receiver's own filters, over the rates that receivers meet.
#include <cmath>

#include "dsp/channel_filter.hpp"
#include "dsp/filter_design.hpp"
#include "dsp/multiplex_splitter.hpp"
#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::SampleRate;
using namespace fmrx::dsp;

namespace {

constexpr double kError = 5.02e-5;  // 86 dB

}  // namespace

TEST_CASE("nothing folds into the channel when the input is decimated") {
  const auto rate =
      GENERATE(900'000u, 1'000'000u, 1'024'000u, 1'200'000u, 2'048'000u, 2'400'000u, 3'200'000u);
  const RatePlan plan{SampleRate(rate)};
  const std::vector<double> taps = decimation_taps(plan);
  for (double f_hz = 0; f_hz <= kChannelPass_Hz; f_hz += 1000)
    CHECK_THAT(zero_phase_response(taps, f_hz, rate), WithinAbs(1, kError));
  // From here on it would fold into the channel filter's pass band.
  for (double f_hz = plan.if_hz() - kChannelPass_Hz; f_hz <= plan.input.hz() / 2; f_hz += 1000)
    CHECK_THAT(zero_phase_response(taps, f_hz, rate), WithinAbs(0, kError));
}

TEST_CASE("the channel is flat to 150 kHz and stopped from 200 kHz") {
  const auto rate = GENERATE(900'000u, 1'024'000u, 1'200'000u, 2'400'000u);
  const RatePlan plan{SampleRate(rate)};
  const std::vector<double> taps = channel_taps(plan);
  for (double f_hz = 0; f_hz <= 150e3; f_hz += 500)
    CHECK_THAT(zero_phase_response(taps, f_hz, plan.if_hz()), WithinAbs(1, kError));
  for (double f_hz = 200e3; f_hz <= plan.if_hz() / 2; f_hz += 500)
    CHECK_THAT(zero_phase_response(taps, f_hz, plan.if_hz()), WithinAbs(0, kError));
}

TEST_CASE("a capture narrower than the channel filter is the channel") {
  CHECK(channel_taps(RatePlan(SampleRate(240'000))) == std::vector<double>{1.0});
  CHECK(decimation_taps(RatePlan(SampleRate(240'000))) == std::vector<double>{1.0});
}

TEST_CASE("the multiplex splitter keeps the audio and stops what would fold into it") {
  const auto rate = GENERATE(225'000u, 240'000u, 300'000u, 1'024'000u, 2'400'000u);
  const RatePlan plan{SampleRate(rate)};
  const MultiplexSplitter splitter(plan, best_kernels(), 64);
  // Within 6 dB, so that undoing the droop costs no precision.
  for (double f_hz = 0; f_hz <= 19e3; f_hz += 500) CHECK(splitter.droop(f_hz) > 0.5);
  for (double f_hz = 61e3; f_hz <= plan.if_hz() / 2; f_hz += 500)
    CHECK(std::fabs(splitter.droop(f_hz)) < 7.95e-6);  // 102 dB
}
