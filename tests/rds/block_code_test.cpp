// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/block_code.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <random>

#include "sim/rds_encoder.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::rds;

namespace {

constexpr std::array kAllOffsets{Offset::a, Offset::b, Offset::c, Offset::d, Offset::c_prime};
constexpr std::array kEncoderOffsets{sim::RdsOffset::a, sim::RdsOffset::b, sim::RdsOffset::c,
                                     sim::RdsOffset::d, sim::RdsOffset::c_prime};

/// Differential coding as the standard's figure shows it, after a symbol 0.
SymbolWord coded(std::uint32_t block) {
  SymbolWord symbols = 0;
  for (unsigned bit = 0; bit < 26; ++bit) {
    const std::uint32_t last = symbols >> bit & 1U;
    symbols |= (last ^ (block >> (25 - bit) & 1U)) << (bit + 1);
  }
  return symbols;
}

}  // namespace

TEST_CASE("a block's symbols are those that a station sends") {
  for (std::size_t i = 0; i < kAllOffsets.size(); ++i) {
    for (std::uint32_t information = 0; information < 65'536; information += 257) {
      const auto word = static_cast<std::uint16_t>(information);
      const SymbolWord symbols = symbols_of(word, kAllOffsets[i]);
      CHECK(symbols == coded(sim::rds_block(word, kEncoderOffsets[i])));
      CHECK(information_in(symbols) == word);
      CHECK(information_in(symbols ^ kAllSymbols) == word);
      for (const Offset offset : kAllOffsets) {
        CHECK((syndrome(symbols, offset) == 0) == (offset == kAllOffsets[i]));
        CHECK((syndrome(symbols ^ kAllSymbols, offset) == 0) == (offset == kAllOffsets[i]));
      }
    }
  }
}

TEST_CASE("words of the dual code have the parity of the offset word in every block") {
  std::mt19937_64 generator(1);
  for (int i = 0; i < 200; ++i) {
    const Offset offset = kAllOffsets[static_cast<std::size_t>(i) % kAllOffsets.size()];
    const SymbolWord symbols = symbols_of(static_cast<std::uint16_t>(generator()), offset);
    for (std::uint32_t u = 0; u < kSyndromes; ++u) {
      const int parity = std::popcount(dual_words()[u] & symbols) % 2;
      if (parity != std::popcount(u & offset_word(offset)) % 2) FAIL("dual word " << u);
    }
  }
}

TEST_CASE("two blocks of one offset differ in three symbols at least, or in the inverse") {
  // g(x) has seven terms, but within 27 symbols the code's lightest word has three.
  int lightest = 27;
  const SymbolWord zero = symbols_of(0, Offset::a);
  for (std::uint32_t information = 1; information < 65'536; ++information) {
    const SymbolWord difference = zero ^ symbols_of(static_cast<std::uint16_t>(information), Offset::a);
    const int weight = std::popcount(difference);
    lightest = std::min({lightest, weight, 27 - weight});
  }
  CHECK(lightest >= 3);
}

TEST_CASE("a block without errors whose three least reliable symbols have 12 nats is hardly another one") {
  // At worst all symbols have a third of it: the likelihood of all other blocks, against this one.
  const SymbolWord zero = symbols_of(0, Offset::a);
  double others = 0;
  int least = static_cast<int>(kWindowSymbols);
  for (unsigned information = 1; information < 65'536; ++information) {
    const SymbolWord word = symbols_of(static_cast<std::uint16_t>(information), Offset::a);
    for (const SymbolWord different : {word ^ zero, word ^ zero ^ kAllSymbols}) {
      least = std::min(least, std::popcount(different));
      others += std::exp(-4.0 * std::popcount(different));
    }
  }
  CHECK(least == 3);
  CHECK(others < 5e-5);
}
