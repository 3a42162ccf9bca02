// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <vector>

#include "sim/band_simulator.hpp"
#include "sim/programme.hpp"
#include "support/catch2.hpp"
#include "support/counted_allocations.hpp"

using namespace fmrx;
using namespace fmrx::sim;

TEST_CASE("generating allocates nothing") {
  for (const std::uint32_t rate : {250'000U, 2'400'000U}) {
    BandSimulator simulator(SampleRate(rate), Hertz(92.7e6));
    std::vector<std::complex<float>> iq(rate);
    const std::size_t before = test::allocations();
    simulator.generate(iq);
    CHECK(test::allocations() == before);
  }
}

TEST_CASE("rendering a programme allocates nothing") {
  Programme programme(fm_band().front());
  std::vector<float> stereo(96'000);
  const std::size_t before = test::allocations();
  programme.render(stereo);
  CHECK(test::allocations() == before);
}
