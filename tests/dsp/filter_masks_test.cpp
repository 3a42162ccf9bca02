// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Masks of the receiver's own filters, over the rates that receivers meet.
#include <cmath>

#include "dsp/filter_design.hpp"
#include "dsp/multiplex_splitter.hpp"
#include "dsp/rate_plan.hpp"
#include "support/catch2.hpp"

using fmrx::SampleRate;
using namespace fmrx::dsp;

TEST_CASE("the multiplex splitter keeps the audio and stops what would fold into it") {
  const auto rate = GENERATE(225'000u, 240'000u, 300'000u, 1'024'000u, 2'400'000u);
  const RatePlan plan{SampleRate(rate)};
  const MultiplexSplitter splitter(plan, best_kernels(), 64);
  // Within 6 dB, so that undoing the droop costs no precision.
  for (double f_hz = 0; f_hz <= 19e3; f_hz += 500) CHECK(splitter.droop(f_hz) > 0.5);
  for (double f_hz = 61e3; f_hz <= plan.if_hz() / 2; f_hz += 500)
    CHECK(std::fabs(splitter.droop(f_hz)) < 7.95e-6);  // 102 dB
}
