// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/fir.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <span>
#include <vector>

#include "dsp/block_stream.hpp"
#include "dsp/complex_fir.hpp"
#include "dsp/kernels/kernel_sets.hpp"
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
  const std::size_t tap_count = GENERATE(16U, 17U, 37U, 200U);
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
  const std::size_t step = GENERATE(2U, 5U);
  const std::vector<float> in = noise(3'000);
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    Fir whole(*kernels, taps, step, 3'000);
    const std::vector<std::vector<float>> expected = filtered(whole, in, 3'000);
    for (const std::size_t block : {1U, 2U, 5U, 7U, 64U, 333U}) {
      Fir fir(*kernels, taps, step, block);
      CHECK(filtered(fir, in, block) == expected);
    }
  }
}

TEST_CASE("complex taps meet complex samples, however these are cut, on every instruction set") {
  const std::size_t step = GENERATE(3U, 5U, 7U);
  const std::size_t tap_count = GENERATE(31U, 32U, 50U);
  const std::vector<float> noises = noise(4'000);
  const std::span<const float> re(noises.data(), 3'000);
  const std::span<const float> im(noises.data() + 1'000, 3'000);
  std::vector<std::complex<double>> taps;
  for (std::size_t k = 0; k < tap_count; ++k) taps.push_back(std::polar(1.0, static_cast<double>(k * k)));
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    std::vector<float> first_re;
    std::vector<float> first_im;
    for (const std::size_t block : {3'000U, 1U, 7U, 333U}) {
      ComplexFir fir(*kernels, taps, step);
      BlockStream stream_re(fir.history(), block);
      BlockStream stream_im(stream_re);
      std::vector<float> all_re;
      std::vector<float> all_im;
      for (std::size_t at = 0; at < re.size(); at += block) {
        const std::size_t count = std::min<std::size_t>(block, re.size() - at);
        std::vector<float> out_re(fir.due(count) + kOutputSlack);
        std::vector<float> out_im(out_re);
        const auto due = static_cast<std::ptrdiff_t>(fir.due(count));
        fir.process(
            {stream_re.next_block(re.subspan(at, count)), stream_im.next_block(im.subspan(at, count))},
            out_re.data(), out_im.data());
        all_re.insert(all_re.end(), out_re.begin(), out_re.begin() + due);
        all_im.insert(all_im.end(), out_im.begin(), out_im.begin() + due);
      }
      REQUIRE(all_re.size() == re.size() / step);
      if (block == 3'000U) {
        first_re = all_re;
        first_im = all_im;
      }
      CHECK(all_re == first_re);
      CHECK(all_im == first_im);
    }
    for (std::size_t m = 0; m < first_re.size(); ++m) {
      std::complex<double> expected = 0;
      for (std::size_t k = 0; k < tap_count; ++k) {
        const std::size_t newest = step * (m + 1) - 1;
        if (newest + k + 1 < tap_count) continue;
        const std::size_t n = newest + k + 1 - tap_count;
        expected += taps[k] * std::complex<double>(static_cast<double>(re[n]), static_cast<double>(im[n]));
      }
      REQUIRE(std::fabs(static_cast<double>(first_re[m]) - expected.real()) <
              2e-6 * static_cast<double>(tap_count));
      REQUIRE(std::fabs(static_cast<double>(first_im[m]) - expected.imag()) <
              2e-6 * static_cast<double>(tap_count));
    }
  }
}

TEST_CASE("dot products of several sides have every element of each once") {
  const std::vector<float> x = noise(400);
  const float* const a = x.data();
  const float* const b = x.data() + 29;
  const float* const first = x.data() + 57;
  const float* const second = x.data() + 111;
  const auto product = [](const float* one, const float* other, std::size_t count) {
    double sum = 0;
    for (std::size_t k = 0; k < count; ++k)
      sum += static_cast<double>(one[k]) * static_cast<double>(other[k]);
    return sum;
  };
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    for (std::size_t count = 0; count < 270; ++count) {
      std::array<float, 4> sums{};
      kernels->dot_pairs(a, b, first, second, count, sums.data());
      const double expected[] = {product(a, first, count), product(b, first, count),
                                 product(a, second, count), product(b, second, count)};
      for (std::size_t k = 0; k < 4; ++k)
        REQUIRE(std::fabs(static_cast<double>(sums[k]) - expected[k]) <= 1e-6 * expected[k]);
      kernels->dot_pair(a, b, first, count, sums.data());
      for (std::size_t k = 0; k < 2; ++k)
        REQUIRE(std::fabs(static_cast<double>(sums[k]) - expected[k]) <= 1e-6 * expected[k]);
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
