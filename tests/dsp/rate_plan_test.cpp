// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/rate_plan.hpp"

#include "base/error.hpp"
#include "support/catch2.hpp"

using fmrx::SampleRate;
using fmrx::dsp::RatePlan;

TEST_CASE("the IF is next to 480 kHz, and at least 384 where the source allows") {
  const auto decimation = [](std::uint32_t rate) { return RatePlan(SampleRate(rate)).if_decimation; };
  CHECK(decimation(2'400'000) == 5);
  CHECK(decimation(1'024'000) == 2);
  CHECK(decimation(1'000'000) == 2);
  CHECK(decimation(900'000) == 2);
  CHECK(decimation(240'000) == 1);
  for (std::uint32_t rate = 225'000; rate <= 3'200'000; rate += 1'000) {
    const RatePlan plan{SampleRate(rate)};
    INFO("rate " << rate);
    CHECK((plan.if_decimation == 1 || plan.if_hz() >= 384e3));
    CHECK(plan.if_hz() < 800e3);
  }
}

TEST_CASE("the baseband holds 38 kHz, and the pilot loop has a hundred samples to lock by") {
  for (std::uint32_t rate = 225'000; rate <= 3'200'000; rate += 1'000) {
    const RatePlan plan{SampleRate(rate)};
    INFO("rate " << rate);
    CHECK(plan.baseband_hz() >= 96e3);
    CHECK(plan.baseband_hz() < 144e3);
    CHECK(plan.pilot_hz() >= 2e3);  // the first lock is to be had from 0.05 s
  }
}

TEST_CASE("a rate that no FM station fits in, or no dongle gives, is refused") {
  CHECK_THROWS_AS(RatePlan(SampleRate(224'999)), fmrx::Error);
  CHECK_THROWS_AS(RatePlan(SampleRate(3'200'001)), fmrx::Error);
}
