// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <vector>

#include "dsp/fm_receiver.hpp"
#include "dsp/multiplex_output.hpp"
#include "support/catch2.hpp"
#include "support/counted_allocations.hpp"
#include "support/fm_modulator.hpp"

TEST_CASE("a streaming receiver allocates nothing") {
  using namespace fmrx;
  const auto rate = GENERATE(240'000u, 1'234'567u, 2'400'000u);
  const std::size_t block = 65'536;
  test::FmModulator station(rate, 1000);
  station.tone(1000, 30e3, 10e3).pilot();
  const std::vector<std::byte> iq = station.bytes(block, IqFormat::cu8);
  dsp::ReceiverConfig config{SampleRate(rate)};
  config.offset = Hertz(1000);
  dsp::FmReceiver receiver(config);
  const std::size_t before = test::allocations();
  for (int n = 0; n < 4; ++n) static_cast<void>(receiver.process({IqFormat::cu8, iq}));
  CHECK(test::allocations() == before);
}

TEST_CASE("a streaming multiplex output allocates nothing after its first block") {
  using namespace fmrx;
  dsp::MultiplexOutput output(SampleRate(2'400'000), SampleRate(171'000));
  const std::vector<float> multiplex(13'107, 0.5F);
  static_cast<void>(output.process(multiplex));
  const std::size_t before = test::allocations();
  for (int n = 0; n < 20; ++n) static_cast<void>(output.process(multiplex));
  CHECK(test::allocations() == before);
}
