// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/soft_block.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace fmrx::rds {
namespace {

constexpr std::size_t kChecks = 10;
constexpr std::size_t kFree = kWindowSymbols - kChecks;

SubsetTable subset_products(SoftWindow window) {
  SubsetTable table;
  for (std::size_t part = 0; part < kParts; ++part) {
    table[part][0] = 1;
    for (std::size_t i = 0; i < kPart; ++i) {
      const std::size_t symbol = part * kPart + i;
      const float bias = symbol < kWindowSymbols ? std::tanh(window[symbol] / 2) : 1.0F;
      const std::size_t half = std::size_t{1} << i;
      for (std::size_t subset = 0; subset < half; ++subset)
        table[part][half + subset] = table[part][subset] * bias;
    }
  }
  return table;
}

/// (-1)^(u . offset word), for every u.
using Character = std::array<float, kSyndromes>;

std::array<Character, kOffsets> make_characters() {
  std::array<Character, kOffsets> characters;
  for (std::size_t offset = 0; offset < kOffsets; ++offset) {
    const std::uint32_t word = offset_word(static_cast<Offset>(offset));
    for (std::uint32_t u = 0; u < kSyndromes; ++u)
      characters[offset][u] = std::popcount(u & word) % 2 == 0 ? 1.0F : -1.0F;
  }
  return characters;
}

float inner_product(const Character& character, const Character& values) {
  constexpr std::size_t kLanes = 8;
  std::array<float, kLanes> sums{};
  for (std::size_t u = 0; u < kSyndromes; u += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += character[u + lane] * values[u + lane];
  return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

/// Syndromes of symbols written as sums of those of the ten least reliable symbols that are
/// linearly independent: the basis.
class Basis {
 public:
  explicit Basis(const std::array<std::uint8_t, kWindowSymbols>& by_reliability) {
    for (const std::uint8_t symbol : by_reliability) {
      std::uint32_t coordinates = 0;
      const std::uint32_t rest = reduce(symbol_syndromes()[symbol], coordinates);
      if (rest == 0) {
        free_symbol[free_count] = symbol;
        free_coordinates[free_count++] = coordinates;
        continue;
      }
      const auto pivot = static_cast<std::size_t>(std::bit_width(rest) - 1);
      pivots_[pivot] = {rest, coordinates ^ 1U << basis_count};
      symbols[basis_count++] = symbol;
    }
  }

  [[nodiscard]] std::uint32_t coordinates(std::uint32_t syndrome) const {
    std::uint32_t sum = 0;
    (void)reduce(syndrome, sum);
    return sum;
  }

  std::array<std::uint8_t, kChecks> symbols{};
  std::array<std::uint8_t, kFree> free_symbol{};
  std::array<std::uint32_t, kFree> free_coordinates{};

 private:
  struct Pivot {
    std::uint32_t vector = 0;
    std::uint32_t coordinates = 0;
  };

  /// What no combination of the basis so far gives; adds the combination to `coordinates`.
  [[nodiscard]] std::uint32_t reduce(std::uint32_t vector, std::uint32_t& coordinates) const {
    for (std::size_t bit = kChecks; bit-- > 0;) {
      if ((vector >> bit & 1U) == 0 || pivots_[bit].vector == 0) continue;
      vector ^= pivots_[bit].vector;
      coordinates ^= pivots_[bit].coordinates;
    }
    return vector;
  }

  std::array<Pivot, kChecks> pivots_{};
  std::size_t basis_count = 0;
  std::size_t free_count = 0;
};

/// Tries sets of wrong symbols among the free ones, the least reliable first; the basis then
/// has to be wrong where the syndrome says. A set that costs more by itself than the best
/// correction so far cannot lead to a better one, nor can those after it: so the search is
/// exhaustive in effect.
class Search {
 public:
  Search(SoftWindow window, const Basis& basis) : basis_(basis) {
    for (std::size_t i = 0; i < kFree; ++i) free_cost_[i] = std::fabs(window[basis.free_symbol[i]]);
    basis_cost_[0] = 0;
    for (std::size_t i = 0; i < kChecks; ++i) {
      const std::size_t half = std::size_t{1} << i;
      const float cost = std::fabs(window[basis.symbols[i]]);
      for (std::size_t set = 0; set < half; ++set) basis_cost_[half + set] = basis_cost_[set] + cost;
    }
  }

  /// The cheapest set of wrong symbols with this syndrome, as a word.
  [[nodiscard]] SymbolWord run(std::uint32_t syndrome) {
    best_cost_ = std::numeric_limits<float>::infinity();
    visit(0, basis_.coordinates(syndrome), 0, 0);
    SymbolWord wrong = 0;
    for (std::size_t i = 0; i < kFree; ++i) wrong |= (best_free_ >> i & 1U) << basis_.free_symbol[i];
    for (std::size_t i = 0; i < kChecks; ++i) wrong |= (best_basis_ >> i & 1U) << basis_.symbols[i];
    return wrong;
  }

 private:
  void visit(std::size_t next, std::uint32_t coordinates, std::uint32_t flipped, float cost) {
    const float whole_cost = cost + basis_cost_[coordinates];
    if (whole_cost < best_cost_) {
      best_cost_ = whole_cost;
      best_free_ = flipped;
      best_basis_ = coordinates;
    }
    for (; next < kFree; ++next) {
      const float longer_cost = cost + free_cost_[next];
      if (longer_cost >= best_cost_) break;
      visit(next + 1, coordinates ^ basis_.free_coordinates[next], flipped | 1U << next, longer_cost);
    }
  }

  const Basis& basis_;
  std::array<float, kFree> free_cost_{};
  std::array<float, kSyndromes> basis_cost_;
  float best_cost_ = 0;
  std::uint32_t best_free_ = 0;
  std::uint32_t best_basis_ = 0;
};

}  // namespace

OffsetLikelihoods offset_likelihoods(SoftWindow window) {
  static const std::array<Character, kOffsets> kCharacters = make_characters();
  const SubsetTable table = subset_products(window);
  constexpr std::uint32_t kMask = kPartSubsets - 1;
  static_assert(kParts == 4);
  const std::array<SymbolWord, kSyndromes>& words = dual_words();
  Character products;
  for (std::size_t u = 0; u < kSyndromes; ++u) {
    const SymbolWord word = words[u];
    products[u] = table[0][word & kMask] * table[1][word >> kPart & kMask] *
                  (table[2][word >> 2 * kPart & kMask] * table[3][word >> 3 * kPart]);
  }
  OffsetLikelihoods likelihoods;
  for (std::size_t offset = 0; offset < kOffsets; ++offset)
    likelihoods[offset] = std::max(inner_product(kCharacters[offset], products), 0.0F);
  return likelihoods;
}

SymbolWord hard_symbols(SoftWindow window) {
  SymbolWord symbols = 0;
  for (std::size_t i = 0; i < kWindowSymbols; ++i) symbols |= (window[i] < 0 ? 1U : 0U) << i;
  return symbols;
}

SymbolWord nearest_word(SoftWindow window, Offset offset) {
  const SymbolWord hard = hard_symbols(window);
  const unsigned hard_syndrome = syndrome(hard, offset);
  if (hard_syndrome == 0) return hard;
  std::array<std::uint8_t, kWindowSymbols> by_reliability;
  std::iota(by_reliability.begin(), by_reliability.end(), std::uint8_t{0});
  std::sort(by_reliability.begin(), by_reliability.end(), [&](std::uint8_t a, std::uint8_t b) {
    const float cost_a = std::fabs(window[a]);
    const float cost_b = std::fabs(window[b]);
    return cost_a != cost_b ? cost_a < cost_b : a < b;
  });
  const Basis basis(by_reliability);
  return hard ^ Search(window, basis).run(hard_syndrome);
}

BlockLikelihood::BlockLikelihood(SoftWindow window) : hard_(hard_symbols(window)) {
  log_best_ = kBlockBits * std::numbers::ln2;
  for (std::size_t part = 0; part < kParts; ++part) {
    for (std::size_t i = 0; i < kPart && part * kPart + i < kWindowSymbols; ++i) {
      const float cost = std::fabs(window[part * kPart + i]);
      log_best_ -= std::log1p(std::exp(-static_cast<double>(cost)));
      all_ += static_cast<double>(cost);
      const std::size_t half = std::size_t{1} << i;
      for (std::size_t subset = 0; subset < half; ++subset)
        cost_[part][half + subset] = cost_[part][subset] + cost;
    }
  }
}

double BlockLikelihood::log_of(SymbolWord symbols) const {
  const SymbolWord wrong = symbols ^ hard_;
  double cost = 0;
  for (std::size_t part = 0; part < kParts; ++part)
    cost += static_cast<double>(cost_[part][wrong >> part * kPart & (kPartSubsets - 1)]);
  const double cheaper = std::min(cost, all_ - cost);
  return log_best_ - cheaper + std::log1p(std::exp(2 * cheaper - all_));
}

}  // namespace fmrx::rds
