// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/spike_notch.hpp"

#include <cmath>
#include <numbers>

#include "dsp/kernels/kernel_sets.hpp"
#include "support/catch2.hpp"

using fmrx::Hertz;
using namespace fmrx::dsp;

namespace {

/// The IF of a capture that holds nothing but a spike at its 0 Hz.
struct Spike {
  std::vector<float> re, im;

  Spike(double offset_hz, std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) {
      const double turns = std::remainder(-offset_hz / 480e3 * static_cast<double>(n), 1.0);
      re.push_back(static_cast<float>(0.1 * std::cos(2 * std::numbers::pi * turns)));
      im.push_back(static_cast<float>(0.1 * std::sin(2 * std::numbers::pi * turns)));
    }
  }
};

std::vector<float> notched(SpikeNotch& notch, Spike signal, std::size_t block) {
  for (std::size_t n = 0; n < signal.re.size(); n += block) {
    const std::size_t count = std::min(block, signal.re.size() - n);
    notch.process({{signal.re.data() + n, count}, {signal.im.data() + n, count}});
  }
  return signal.re;
}

}  // namespace

TEST_CASE("the spike in an off-centre station's channel is removed, on every instruction set") {
  const double offset_hz = GENERATE(150e3, -33'333.3);
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    SpikeNotch notch(*kernels, 480e3, Hertz(offset_hz));
    const std::vector<float> out = notched(notch, Spike(offset_hz, 480'000), 4096);
    for (std::size_t n = 2048; n < out.size(); ++n) REQUIRE(std::fabs(out[n]) < 1e-6F);
  }
}

TEST_CASE("a centred carrier is not taken for a spike") {
  SpikeNotch notch(best_kernels(), 480e3, Hertz(0));
  const Spike carrier(0, 8192);
  CHECK(notched(notch, carrier, 4096) == carrier.re);
}

TEST_CASE("any cutting of the input gives the same notched output, on every instruction set") {
  const Spike spike(40e3, 10'000);
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    SpikeNotch whole(*kernels, 480e3, Hertz(40e3));
    const std::vector<float> expected = notched(whole, spike, 10'000);
    for (const std::size_t block : {1U, 13U, 1000U}) {
      SpikeNotch notch(*kernels, 480e3, Hertz(40e3));
      CHECK(notched(notch, spike, block) == expected);
    }
  }
}
