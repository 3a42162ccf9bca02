// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "rds/block_code.hpp"

// What soft symbols say about a block, exactly. A symbol is the logarithm of a likelihood
// ratio, log(p(0) / p(1)), in nats: 0 says nothing.
namespace fmrx::rds {

using SoftWindow = std::span<const float, kWindowSymbols>;

/// p(0) - p(1) of each symbol.
using Biases = std::array<float, kWindowSymbols>;

/// tanh(L / 2), to 3e-7.
[[nodiscard]] Biases biases(SoftWindow window);

/// How much likelier the window is if it holds a block with an offset word, any block, than if
/// its bits are random; for each offset word. At most 1024, for a block beyond doubt.
using OffsetLikelihoods = std::array<float, kOffsets>;

/// By the dual code: the probability of a syndrome s is 2^-10 times the sum over all dual words
/// u of (-1)^(u . s) prod tanh(L / 2), the product over the ones of u (Hartmann and Rudolph 1976).
[[nodiscard]] OffsetLikelihoods offset_likelihoods(SoftWindow window);
/// For one offset word.
[[nodiscard]] float offset_likelihood(SoftWindow window, Offset offset);

/// Signs of the symbols, as a word.
[[nodiscard]] SymbolWord hard_symbols(SoftWindow window);

/// The word of the code, with this offset, of the greatest likelihood.
[[nodiscard]] SymbolWord nearest_word(SoftWindow window, Offset offset);

/// How much likelier the window is with one particular block than with random bits.
class BlockLikelihood {
 public:
  explicit BlockLikelihood(SoftWindow window);

  /// At most 2^26, for a block that all symbols are sure of.
  [[nodiscard]] double of(SymbolWord symbols) const;

 private:
  /// What each subset of seven symbols costs if they are wrong.
  static constexpr std::size_t kPart = 7;
  static constexpr std::size_t kParts = (kWindowSymbols + kPart - 1) / kPart;
  static constexpr std::size_t kPartSubsets = std::size_t{1} << kPart;

  SymbolWord hard_;
  double of_best_ = 0;  ///< of the hard symbols
  double all_ = 0;      ///< cost of the inverse of the hard symbols
  std::array<std::array<float, kPartSubsets>, kParts> cost_{};
};

}  // namespace fmrx::rds
