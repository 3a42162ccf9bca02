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

/// A value for each subset of the window's symbols is looked up in parts of seven symbols.
inline constexpr std::size_t kPart = 7;
inline constexpr std::size_t kParts = (kWindowSymbols + kPart - 1) / kPart;
inline constexpr std::size_t kPartSubsets = std::size_t{1} << kPart;
using SubsetTable = std::array<std::array<float, kPartSubsets>, kParts>;

/// How much likelier the window is if it holds a block with an offset word, any block, than if
/// its bits are random; for each offset word. At most 1024, for a block beyond doubt.
using OffsetLikelihoods = std::array<float, kOffsets>;

/// By the dual code: the probability of a syndrome s is 2^-10 times the sum over all dual words
/// u of (-1)^(u . s) prod tanh(L / 2), the product over the ones of u (Hartmann and Rudolph 1976).
[[nodiscard]] OffsetLikelihoods offset_likelihoods(SoftWindow window);

/// Signs of the symbols, as a word.
[[nodiscard]] SymbolWord hard_symbols(SoftWindow window);

/// The word of the code, with this offset, of the greatest likelihood.
[[nodiscard]] SymbolWord nearest_word(SoftWindow window, Offset offset);

/// How much likelier the window is with one particular block than with random bits.
class BlockLikelihood {
 public:
  explicit BlockLikelihood(SoftWindow window);

  /// Natural logarithm; at most 18 (26 bits), for a block that all symbols are sure of.
  [[nodiscard]] double log_of(SymbolWord symbols) const;

 private:
  SymbolWord hard_;
  double log_best_ = 0;  ///< of the hard symbols
  double all_ = 0;       ///< cost of the inverse of the hard symbols
  SubsetTable cost_{};
};

}  // namespace fmrx::rds
