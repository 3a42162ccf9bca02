// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <atomic>
#include <cstdlib>
#include <new>

#include "dsp/fm_receiver.hpp"
#include "support/catch2.hpp"
#include "support/fm_modulator.hpp"

namespace {

std::atomic<std::size_t> allocations = 0;

}  // namespace

// GCC inlines one operator and not the other, and then thinks they do not match.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

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
  const std::size_t before = allocations;
  for (int n = 0; n < 4; ++n) static_cast<void>(receiver.process({IqFormat::cu8, iq}));
  CHECK(allocations == before);
}
