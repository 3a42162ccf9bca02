// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/fir.hpp"

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "dsp/kernels/kernel_sets.hpp"
#include "dsp/stream_buffer.hpp"
#include "support/catch2.hpp"

using namespace fmrx::dsp;

namespace {

std::vector<float> noise(std::size_t count) {
  std::vector<float> x;
  for (std::size_t n = 0; n < count; ++n) x.push_back(static_cast<float>((n * 7919) % 1000) / 999.0F);
  return x;
}

/// What each set of taps makes of `in`, cut into blocks.
std::vector<std::vector<float>> filtered(Fir& fir, std::span<const float> in, std::size_t block,
                                         std::size_t sets = 1) {
  BlockStream stream(fir.history(), block);
  std::vector<std::vector<float>> all(sets);
  std::array<std::vector<float>, FilterJob::kMostSets> out;
  for (std::vector<float>& some : out) some.resize(fir.max_output() + kOutputSlack);
  while (!in.empty()) {
    const std::size_t count = std::min(block, in.size());
    const std::size_t due = fir.due(count);
    REQUIRE(due <= fir.max_output());
    fir.process(stream.next_block(in.first(count)), {out[0].data(), out[1].data(), out[2].data()});
    for (std::size_t set = 0; set < sets; ++set)
      all[set].insert(all[set].end(), out[set].begin(), out[set].begin() + static_cast<std::ptrdiff_t>(due));
    in = in.subspan(count);
  }
  return all;
}

}  // namespace

TEST_CASE("a decimated impulse gives every step-th tap, in its place") {
  const std::vector<double> taps = {9, 8, 7, 6, 5, 4, 3, 2, 1};  // the newest sample has the last
  Fir fir(best_kernels(), taps, 3, 64);
  std::vector<float> in(300, 0.0F);
  in[6] = 1;
  const std::vector<float> out = filtered(fir, in, 64).front();
  REQUIRE(out.size() == 100);
  for (std::size_t m = 0; m < out.size(); ++m) {
    // Output m has seen the samples up to 3 m + 2.
    const std::size_t since = 3 * m + 2 - 6;
    CHECK(static_cast<double>(out[m]) == (since < taps.size() ? taps[8 - since] : 0));
  }
}

TEST_CASE("every set of taps meets the same samples, on every instruction set") {
  const std::size_t sets = GENERATE(1U, 2U, 3U);
  const std::size_t step = GENERATE(1U, 2U, 5U, 16U);
  const std::size_t tap_count = GENERATE(16U, 37U, 200U);
  std::vector<std::vector<double>> taps(sets);
  for (std::size_t set = 0; set < sets; ++set)
    for (std::size_t k = 0; k < tap_count; ++k)
      taps[set].push_back(std::sin(static_cast<double>(k + 10 * set)));
  const std::vector<float> in = noise(3'000);
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    Fir fir(*kernels, taps, step, 3'000);
    const std::vector<std::vector<float>> outputs = filtered(fir, in, 1'111, sets);
    for (std::size_t set = 0; set < sets; ++set) {
      const std::vector<float>& out = outputs[set];
      REQUIRE(out.size() == 3'000 / step);
      for (std::size_t m = 0; m < out.size(); ++m) {
        double expected = 0;
        for (std::size_t k = 0; k < tap_count; ++k) {
          const std::size_t newest = step * (m + 1) - 1;
          if (newest + k + 1 < tap_count) continue;
          expected += taps[set][k] * static_cast<double>(in[newest + k + 1 - tap_count]);
        }
        REQUIRE(std::fabs(static_cast<double>(out[m]) - expected) < 1e-6 * static_cast<double>(tap_count));
      }
    }
  }
}

TEST_CASE("any cutting of the input gives the same output of a decimator, on every instruction set") {
  const std::vector<double> taps(21, 0.3);
  const std::vector<float> in = noise(3'000);
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    Fir whole(*kernels, taps, 5, 3'000);
    const std::vector<std::vector<float>> expected = filtered(whole, in, 3'000);
    for (const std::size_t block : {1U, 2U, 5U, 7U, 64U, 333U}) {
      Fir fir(*kernels, taps, 5, block);
      CHECK(filtered(fir, in, block) == expected);
    }
  }
}

TEST_CASE("a dot product has every element once, at any length and place") {
  const std::vector<float> x = noise(300);
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    for (std::size_t count = 0; count < 270; ++count) {
      double expected = 0;
      for (std::size_t k = 0; k < count; ++k)
        expected += static_cast<double>(x[k]) * static_cast<double>(x[k + 29]);
      const float sum = kernels->dot(x.data(), x.data() + 29, count);
      REQUIRE(std::fabs(static_cast<double>(sum) - expected) <= 1e-6 * expected);
    }
  }
}
