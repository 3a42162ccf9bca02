// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The quick computations against adding up all 65,536 contents.
#include "rds/soft_block.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "rds/block_estimate.hpp"
#include "support/catch2.hpp"

using namespace fmrx::rds;
using Catch::Matchers::WithinRel;

namespace {

using Window = std::array<float, kWindowSymbols>;

/// Binary phase shift keying in white noise, as log likelihood ratios.
class Channel {
 public:
  explicit Channel(double snr_db) : snr_(std::pow(10, snr_db / 10)), noise_(0, std::sqrt(1 / (2 * snr_))) {}

  Window send(std::uint16_t information, Offset offset) {
    SymbolWord word = symbols_of(information, offset);
    if ((generator_() & 1U) != 0) word ^= kAllSymbols;
    Window window;
    for (std::size_t i = 0; i < window.size(); ++i)
      window[i] = static_cast<float>(4 * snr_ * (((word >> i & 1U) != 0 ? -1 : 1) + noise_(generator_)));
    return window;
  }
  std::uint16_t content() { return static_cast<std::uint16_t>(generator_()); }

 private:
  double snr_;
  std::mt19937_64 generator_{7};
  std::normal_distribution<double> noise_;
};

/// p(window | content) / p(window | random bits), by its definition.
double likelihood(const Window& window, std::uint16_t information, Offset offset) {
  const SymbolWord word = symbols_of(information, offset);
  double agrees = 1;
  double inverse = 1;
  for (std::size_t i = 0; i < window.size(); ++i) {
    const double zero = 1 / (1 + std::exp(-static_cast<double>(window[i])));
    const bool bit = (word >> i & 1U) != 0;
    agrees *= 2 * (bit ? 1 - zero : zero);
    inverse *= 2 * (bit ? zero : 1 - zero);
  }
  return (agrees + inverse) / 2;
}

std::vector<double> likelihoods(const Window& window, Offset offset) {
  std::vector<double> all;
  for (std::uint32_t information = 0; information < 65'536; ++information)
    all.push_back(likelihood(window, static_cast<std::uint16_t>(information), offset));
  return all;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

std::uint16_t largest(const std::vector<double>& values) {
  return static_cast<std::uint16_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace

TEST_CASE("the nearest word is the likeliest of all") {
  for (const double snr_db : {-6.0, -1.0, 2.0, 5.0}) {
    Channel channel(snr_db);
    for (int trial = 0; trial < 8; ++trial) {
      const auto offset = static_cast<Offset>(trial % 5);
      const Window window = channel.send(channel.content(), offset);
      const std::vector<double> all = likelihoods(window, offset);
      const std::uint16_t nearest = information_in(nearest_word(window, offset));
      CHECK(syndrome(nearest_word(window, offset), offset) == 0);
      CHECK(nearest == largest(all));
      CHECK_THAT(BlockLikelihood(window).of(symbols_of(nearest, offset)),
                 WithinRel(all[nearest], 1e-4));  // sums of floats
    }
  }
}

TEST_CASE("the likelihood of an offset is the mean of those of all contents") {
  for (const double snr_db : {-6.0, -1.0, 2.0, 5.0}) {
    Channel channel(snr_db);
    const Window window = channel.send(channel.content(), Offset::b);
    const OffsetLikelihoods quick = offset_likelihoods(window);
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      CAPTURE(snr_db, offset);
      const double slow = mean(likelihoods(window, static_cast<Offset>(offset)));
      // A sum of 1024 floats, of which the largest is 1.
      CHECK(std::fabs(static_cast<double>(quick[offset]) - slow) < 2e-4 + 1e-5 * slow);
    }
  }
}

TEST_CASE("a window that says nothing favours nothing") {
  const Window nothing{};
  for (const float likelihood : offset_likelihoods(nothing)) CHECK(likelihood == 1);
  Channel channel(15);
  CHECK_THAT(static_cast<double>(offset_likelihoods(channel.send(0x1234, Offset::d))[3]),
             WithinRel(1024.0, 1e-3));
}

TEST_CASE("an estimate's probabilities are those of Bayes") {
  for (const double snr_db : {-3.0, 0.0, 3.0}) {
    Channel channel(snr_db);
    const std::uint16_t sent = channel.content();
    const std::array<ExpectedBlock, 2> contents{{{sent, 0.5}, {0x4711, 0.25}}};
    const Window window = channel.send(sent, Offset::b);
    Expectation expected;
    expected.contents = contents;
    const BlockEstimate estimate = estimate_block(window, offset_likelihoods(window), Offset::b, expected);

    std::vector<double> weighted = likelihoods(window, Offset::b);
    for (std::size_t content = 0; content < weighted.size(); ++content) {
      double prior = 0.25 / 65'536;
      for (const ExpectedBlock& one : contents) prior += one.information == content ? one.probability : 0;
      weighted[content] *= prior;
    }
    CHECK(estimate.information == largest(weighted));
    CHECK_THAT(estimate.content_likelihood, WithinRel(weighted[estimate.information], 1e-3));
    CHECK_THAT(estimate.likelihood, WithinRel(65'536 * mean(weighted), 1e-3));
  }
}

TEST_CASE("repeats add up, whatever their signs") {
  // Each alone is nearly worthless: at -3 dB the ideal receiver loses 95 % of such blocks.
  Channel channel(-3);
  const std::uint16_t sent = 0xD318;
  int right_alone = 0;
  int right_together = 0;
  constexpr int kTrials = 40;
  for (int trial = 0; trial < kTrials; ++trial) {
    Repetition earlier;
    const Window first = channel.send(sent, Offset::a);
    replace(earlier, first, static_cast<double>(offset_likelihoods(first)[0]));
    BlockEstimate estimate;
    for (int repeat = 0; repeat < 7; ++repeat) {
      const Window window = channel.send(sent, Offset::a);
      Expectation expected;
      expected.earlier = &earlier;
      expected.same_probability = 0.9;
      estimate = estimate_block(window, offset_likelihoods(window), Offset::a, expected);
      earlier = estimate.together;
      if (repeat == 0) right_alone += information_in(nearest_word(window, Offset::a)) == sent ? 1 : 0;
    }
    const bool is_sure = estimate.content_likelihood > 0.99 * estimate.likelihood;
    right_together += is_sure && estimate.information == sent ? 1 : 0;
  }
  CHECK(right_alone < kTrials / 2);
  CHECK(right_together > kTrials * 8 / 10);  // eight of them: 6 dB, where 95 % are read
}

TEST_CASE("what two windows say together is the sum over all contents that both may have") {
  for (const double snr_db : {-1.0, 1.0}) {
    Channel channel(snr_db);
    for (const bool is_same : {true, false}) {
      const std::uint16_t sent = channel.content();
      const Window first = channel.send(sent, Offset::d);
      const Window second = channel.send(is_same ? sent : channel.content(), Offset::d);
      Repetition earlier;
      replace(earlier, first, static_cast<double>(offset_likelihoods(first)[3]));
      Expectation expected;
      expected.earlier = &earlier;
      expected.same_probability = 0.5;
      const BlockEstimate estimate = estimate_block(second, offset_likelihoods(second), Offset::d, expected);

      const std::vector<double> one = likelihoods(first, Offset::d);
      const std::vector<double> two = likelihoods(second, Offset::d);
      double both = 0;
      for (std::size_t content = 0; content < one.size(); ++content) both += one[content] * two[content];
      const double wanted = 0.5 * both / (65'536 * mean(one));
      // Only the better of the two signs is counted: the other one's share is lost.
      CAPTURE(snr_db, is_same, wanted);
      if (is_same) CHECK_THAT(estimate.same_likelihood, WithinRel(wanted, 0.05));
      if (!is_same) CHECK(estimate.same_likelihood < wanted * 1.01);
      CHECK((estimate.same_likelihood > estimate.likelihood / 2) == is_same);
    }
  }
}
