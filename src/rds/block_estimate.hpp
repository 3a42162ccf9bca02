// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "rds/soft_block.hpp"

namespace fmrx::rds {

/// What earlier transmissions of the same block said together: their soft symbols, added up
/// with their signs aligned, for a block and its inverse look the same.
struct Repetition {
  std::array<float, kWindowSymbols> sum{};
  float likelihood = 1;  ///< offset likelihood of the sum
};

struct ExpectedBlock {
  std::uint16_t information = 0;
  double probability = 0;
};

/// What is known of a block before it is looked at.
struct Expectation {
  /// Contents that it may well have; what is left of 1 is for all 65,536 alike.
  std::span<const ExpectedBlock> contents{};
  /// If the same was sent before, and how probable that is.
  const Repetition* earlier = nullptr;
  double same_probability = 0;
};

/// What a window says about a block with one offset, as likelihood ratios to random bits.
struct BlockEstimate {
  std::uint16_t information = 0;  ///< the most probable content
  double content_likelihood = 0;  ///< of that content, times its probability beforehand
  double likelihood = 0;          ///< of any content
  double same_likelihood = 0;     ///< the share of `likelihood` that says: as earlier
  Repetition together;            ///< `earlier` and the window, if the same was sent again
};

/// likelihoods: of the window.
[[nodiscard]] BlockEstimate estimate_block(SoftWindow window, const OffsetLikelihoods& likelihoods,
                                           Offset offset, const Expectation& expected);

/// Adds a window that says the same. likelihood: of the window, for its offset.
void join(Repetition& earlier, SoftWindow window, double likelihood);

/// Forgets what was said earlier for a window. likelihood: of the window, for its offset.
void replace(Repetition& earlier, SoftWindow window, double likelihood);

}  // namespace fmrx::rds
