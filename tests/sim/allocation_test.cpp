// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "sim/band_simulator.hpp"
#include "sim/programme.hpp"
#include "support/catch2.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

// Not inlined: GCC 12 would take malloc and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

// The library calls this one too (stable_sort); a sanitizer's own would not match.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

using namespace fmrx;
using namespace fmrx::sim;

TEST_CASE("generating allocates nothing") {
  for (const std::uint32_t rate : {250'000U, 2'400'000U}) {
    BandSimulator simulator(SampleRate(rate), Hertz(92.7e6));
    std::vector<std::complex<float>> iq(rate);
    const std::size_t before = allocations;
    simulator.generate(iq);
    CHECK(allocations == before);
  }
}

TEST_CASE("rendering a programme allocates nothing") {
  Programme programme(fm_band().front());
  std::vector<float> stereo(96'000);
  const std::size_t before = allocations;
  programme.render(stereo);
  CHECK(allocations == before);
}
