// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/block_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace fmrx::rds {
namespace {

constexpr double kContents = 65'536;

/// More than this says no more.
constexpr float kLargestSum = 40;

/// Nothing is divided by less.
constexpr float kLeastLikelihood = 1e-6F;

using Sums = std::array<float, kWindowSymbols>;

/// The sign with which the window agrees better with what was said earlier.
float better_sign(SoftWindow window, const Sums& earlier) {
  float agreement = 0;
  for (std::size_t i = 0; i < kWindowSymbols; ++i)
    agreement += std::clamp(window[i], -8.0F, 8.0F) * std::clamp(earlier[i], -8.0F, 8.0F);
  return agreement < 0 ? -1.0F : 1.0F;
}

Sums sum_of(SoftWindow window, float sign, const Sums& earlier) {
  Sums sums;
  for (std::size_t i = 0; i < kWindowSymbols; ++i)
    sums[i] = std::clamp(earlier[i] + sign * window[i], -kLargestSum, kLargestSum);
  return sums;
}

/// Both windows together, if they carry the same symbols, against both with symbols of their own.
double agreement(SoftWindow window, float sign, const Sums& earlier) {
  const Biases now = biases(window);
  const Biases before = biases(earlier);
  double product = 1;
  for (std::size_t i = 0; i < kWindowSymbols; ++i)
    product *= 1 + static_cast<double>(sign) * static_cast<double>(now[i]) * static_cast<double>(before[i]);
  return product;
}

class Estimator {
 public:
  Estimator(SoftWindow window, double likelihood_alone, Offset offset, const Expectation& expected)
      : offset_(offset), expected_(expected), alone_(window), likelihood_alone_(likelihood_alone) {
    for (const ExpectedBlock& content : expected.contents) unforeseen_ -= content.probability;
    const double same = expected.earlier != nullptr ? expected.same_probability : 0;
    estimate_.likelihood = (1 - same) * unforeseen_ * likelihood_alone_;
    for (const ExpectedBlock& content : expected.contents) {
      estimate_.likelihood +=
          (1 - same) * content.probability * alone_.of(symbols_of(content.information, offset));
    }
    if (same > 0) join(window, same);
    consider(information_in(nearest_word(window, offset)));
    for (const ExpectedBlock& content : expected.contents) consider(content.information);
  }

  [[nodiscard]] const BlockEstimate& estimate() const { return estimate_; }

 private:
  void join(SoftWindow window, double same) {
    const Repetition& earlier = *expected_.earlier;
    const float sign = better_sign(window, earlier.sum);
    Repetition& together = estimate_.together;
    together.sum = sum_of(window, sign, earlier.sum);
    together.likelihood = offset_likelihood(together.sum, offset_);
    likelihood_joined_ = std::max(together.likelihood, kLeastLikelihood);
    estimate_.same_likelihood =
        same * 0.5 * agreement(window, sign, earlier.sum) *
        static_cast<double>(likelihood_joined_ / std::max(earlier.likelihood, kLeastLikelihood));
    estimate_.likelihood += estimate_.same_likelihood;
    joined_.emplace(together.sum);
    consider(information_in(nearest_word(together.sum, offset_)));
  }

  void consider(std::uint16_t information) {
    const SymbolWord word = symbols_of(information, offset_);
    double prior = unforeseen_ / kContents;
    for (const ExpectedBlock& content : expected_.contents) {
      if (content.information == information) prior += content.probability;
    }
    double likelihood = 0;
    if (joined_) {
      prior *= 1 - expected_.same_probability;
      likelihood = estimate_.same_likelihood * joined_->of(word) /
                   (kContents * static_cast<double>(likelihood_joined_));
    }
    likelihood += prior * alone_.of(word);
    if (likelihood <= estimate_.content_likelihood) return;
    estimate_.content_likelihood = likelihood;
    estimate_.information = information;
  }

  Offset offset_;
  const Expectation& expected_;
  BlockLikelihood alone_;
  double likelihood_alone_;
  std::optional<BlockLikelihood> joined_;
  float likelihood_joined_ = 1;
  double unforeseen_ = 1;
  BlockEstimate estimate_;
};

}  // namespace

BlockEstimate estimate_block(SoftWindow window, const OffsetLikelihoods& likelihoods, Offset offset,
                             const Expectation& expected) {
  const auto likelihood_alone = static_cast<double>(likelihoods[static_cast<std::size_t>(offset)]);
  return Estimator(window, likelihood_alone, offset, expected).estimate();
}

void join(Repetition& earlier, SoftWindow window, double likelihood) {
  earlier.sum = sum_of(window, better_sign(window, earlier.sum), earlier.sum);
  // Both together say it no less surely than either.
  earlier.likelihood = std::max(earlier.likelihood, static_cast<float>(likelihood));
}

void replace(Repetition& earlier, SoftWindow window, double likelihood) {
  std::copy(window.begin(), window.end(), earlier.sum.begin());
  earlier.likelihood = static_cast<float>(likelihood);
}

}  // namespace fmrx::rds
