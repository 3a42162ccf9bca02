// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/soft_block.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace fmrx::rds {
namespace {

constexpr std::size_t kChecks = 10;
constexpr std::size_t kFree = kWindowSymbols - kChecks;

/// e^-x for x >= 0, to 3e-7 of itself, of what compilers turn into vector code.
float decayed(float x) {
  constexpr float kLog2E = 1.44269504F;
  constexpr float kLn2 = 0.693147181F;
  constexpr float kMostHalvings = 126;
  const float halvings = std::min(x * kLog2E, kMostHalvings);
  const auto whole = static_cast<std::int32_t>(halvings + 0.5F);
  // Within +-0.35, where seven terms of the series are enough.
  const float rest = (static_cast<float>(whole) - halvings) * kLn2;
  const float high = 1.0F / 24 + rest * (1.0F / 120 + rest * (1.0F / 720));
  const float series = 1 + rest * (1 + rest * (1.0F / 2 + rest * (1.0F / 6 + rest * high)));
  return series * std::bit_cast<float>((127 - whole) << 23);
}

/// The product over each subset of the symbols.
template <std::size_t Subsets>
std::array<float, Subsets> subset_products(const float* biases) {
  std::array<float, Subsets> products;
  products[0] = 1;
  for (std::size_t half = 1; half < Subsets; half *= 2) {
    const float bias = *biases++;
    for (std::size_t subset = 0; subset < half; ++subset) products[half + subset] = products[subset] * bias;
  }
  return products;
}

/// The words of the dual code in the order of their last ten symbols, which have each value once. The
/// seventeen symbols before follow from those; they are looked up, nine and eight at a time.
class DualCode {
 public:
  DualCode() {
    const std::array<SymbolWord, kSyndromes>& words = dual_words();
    for (std::uint32_t u = 0; u < kSyndromes; ++u) {
      const SymbolWord last = words[u] >> (kFirst + kMiddle);
      first_[last] = static_cast<std::uint16_t>(words[u] & ((1U << kFirst) - 1));
      middle_[last] = static_cast<std::uint8_t>(words[u] >> kFirst);
      for (std::size_t offset = 0; offset < kOffsets; ++offset) {
        const bool is_odd = std::popcount(u & offset_word(static_cast<Offset>(offset))) % 2 != 0;
        if (last < kQuarter) signs_[offset][last] = is_odd ? -1.0F : 1.0F;
        if (is_odd && (last == kQuarter || last == 2 * kQuarter)) quarter_[offset] += last / kQuarter;
      }
    }
  }

  /// For each word the product over its ones, added up over the last two symbols: with these signs,
  /// alternating with the one, with the other, with both.
  using Sums = std::array<std::array<float, kSyndromes / 4>, 4>;
  [[nodiscard]] Sums sums(const Biases& biases) const {
    const auto by_first = subset_products<std::size_t{1} << kFirst>(biases.data());
    const auto by_middle = subset_products<std::size_t{1} << kMiddle>(biases.data() + kFirst);
    const auto by_last = subset_products<kSyndromes>(biases.data() + kFirst + kMiddle);
    const auto product = [&](std::size_t word) {
      return by_last[word] * (by_first[first_[word]] * by_middle[middle_[word]]);
    };
    Sums sums;
    for (std::size_t i = 0; i < kQuarter; ++i) {
      const float a = product(i);
      const float b = product(i + kQuarter);
      const float c = product(i + 2 * kQuarter);
      const float d = product(i + 3 * kQuarter);
      sums[0][i] = (a + b) + (c + d);
      sums[1][i] = (a - b) + (c - d);
      sums[2][i] = (a + b) - (c + d);
      sums[3][i] = (a - b) - (c - d);
    }
    return sums;
  }

  /// All products, each with the sign that the offset word gives it.
  [[nodiscard]] float sum(const Sums& sums, Offset offset) const {
    const auto index = static_cast<std::size_t>(offset);
    const std::array<float, kQuarter>& values = sums[quarter_[index]];
    constexpr std::size_t kLanes = 8;
    std::array<float, kLanes> lanes{};
    for (std::size_t i = 0; i < kQuarter; i += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        lanes[lane] += signs_[index][i + lane] * values[i + lane];
    return std::accumulate(lanes.begin(), lanes.end(), 0.0F);
  }

 private:
  static constexpr std::size_t kFirst = 9;
  static constexpr std::size_t kMiddle = 8;
  static constexpr std::size_t kQuarter = kSyndromes / 4;

  std::array<std::uint16_t, kSyndromes> first_{};
  std::array<std::uint8_t, kSyndromes> middle_{};
  std::array<std::array<float, kQuarter>, kOffsets> signs_{};
  std::array<std::size_t, kOffsets> quarter_{};
};

const DualCode& dual_code() {
  static const DualCode kCode;
  return kCode;
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

Biases biases(SoftWindow window) {
  Biases biases;
  for (std::size_t i = 0; i < kWindowSymbols; ++i) {
    const float inverse = decayed(std::fabs(window[i]));
    biases[i] = std::copysign((1 - inverse) / (1 + inverse), window[i]);
  }
  return biases;
}

OffsetLikelihoods offset_likelihoods(SoftWindow window) {
  const DualCode::Sums sums = dual_code().sums(biases(window));
  OffsetLikelihoods likelihoods;
  for (std::size_t offset = 0; offset < kOffsets; ++offset)
    likelihoods[offset] = std::max(dual_code().sum(sums, static_cast<Offset>(offset)), 0.0F);
  return likelihoods;
}

float offset_likelihood(SoftWindow window, Offset offset) {
  return std::max(dual_code().sum(dual_code().sums(biases(window)), offset), 0.0F);
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
  // A symbol's sign is right with (1 + |bias|) / 2, and random bits have each block with 2^-26.
  double of_best = 0.5;
  for (const float bias : biases(window)) of_best *= 1 + std::fabs(static_cast<double>(bias));
  of_best_ = of_best;
  for (std::size_t part = 0; part < kParts; ++part) {
    for (std::size_t i = 0; i < kPart && part * kPart + i < kWindowSymbols; ++i) {
      const float cost = std::fabs(window[part * kPart + i]);
      all_ += static_cast<double>(cost);
      const std::size_t half = std::size_t{1} << i;
      for (std::size_t subset = 0; subset < half; ++subset)
        cost_[part][half + subset] = cost_[part][subset] + cost;
    }
  }
}

double BlockLikelihood::of(SymbolWord symbols) const {
  const SymbolWord wrong = symbols ^ hard_;
  double cost = 0;
  for (std::size_t part = 0; part < kParts; ++part)
    cost += static_cast<double>(cost_[part][wrong >> part * kPart & (kPartSubsets - 1)]);
  return of_best_ * (std::exp(-cost) + std::exp(cost - all_));
}

}  // namespace fmrx::rds
