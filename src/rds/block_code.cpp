// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/block_code.hpp"

#include <bit>

namespace fmrx::rds {
namespace {

constexpr unsigned kCheckBits = 10;
constexpr std::uint32_t kGenerator = 0x5B9;  // x^10 + x^8 + x^7 + x^5 + x^4 + x^3 + 1 (2.3)

/// Annex A, in the order of Offset.
constexpr std::array<std::uint16_t, kOffsets> kOffsetWords{0x0FC, 0x198, 0x168, 0x1B4, 0x350};

/// Remainder of a block of 26 bits, its first bit the highest.
constexpr std::uint32_t remainder(std::uint32_t block) {
  for (unsigned bit = kBlockBits; bit-- > kCheckBits;) {
    if ((block >> bit & 1U) != 0) block ^= kGenerator << (bit - kCheckBits);
  }
  return block;
}

constexpr std::array<std::uint16_t, kWindowSymbols> make_symbol_syndromes() {
  std::array<std::uint16_t, kWindowSymbols> syndromes{};
  for (std::size_t bit = 0; bit < kBlockBits; ++bit) {
    // A wrong symbol makes the change to it wrong and the change from it.
    const std::uint32_t of_bit = remainder(1U << (kBlockBits - 1 - bit));
    syndromes[bit] = static_cast<std::uint16_t>(syndromes[bit] ^ of_bit);
    syndromes[bit + 1] = static_cast<std::uint16_t>(syndromes[bit + 1] ^ of_bit);
  }
  return syndromes;
}

constexpr auto kSymbolSyndromes = make_symbol_syndromes();

constexpr std::array<SymbolWord, kSyndromes> make_dual_words() {
  std::array<SymbolWord, kSyndromes> words{};
  for (std::uint32_t u = 0; u < kSyndromes; ++u) {
    for (std::size_t symbol = 0; symbol < kWindowSymbols; ++symbol) {
      if (std::popcount(u & kSymbolSyndromes[symbol]) % 2 != 0) words[u] |= 1U << symbol;
    }
  }
  return words;
}

constexpr auto kDualWords = make_dual_words();

}  // namespace

SymbolWord symbols_of(std::uint16_t information, Offset offset) {
  const std::uint32_t shifted = std::uint32_t{information} << kCheckBits;
  const std::uint32_t block = shifted | (remainder(shifted) ^ offset_word(offset));
  SymbolWord symbols = 0;
  std::uint32_t last = 0;
  for (std::size_t bit = 0; bit < kBlockBits; ++bit) {
    last ^= block >> (kBlockBits - 1 - bit) & 1U;
    symbols |= last << (bit + 1);
  }
  return symbols;
}

std::uint16_t information_in(SymbolWord symbols) {
  const SymbolWord changes = symbols ^ symbols >> 1;
  std::uint32_t information = 0;
  for (std::size_t bit = 0; bit < kBlockBits - kCheckBits; ++bit)
    information = information << 1 | (changes >> bit & 1U);
  return static_cast<std::uint16_t>(information);
}

unsigned syndrome(SymbolWord symbols, Offset offset) {
  unsigned sum = offset_word(offset);
  for (std::size_t symbol = 0; symbol < kWindowSymbols; ++symbol) {
    if ((symbols >> symbol & 1U) != 0) sum ^= kSymbolSyndromes[symbol];
  }
  return sum;
}

const std::array<std::uint16_t, kWindowSymbols>& symbol_syndromes() {
  return kSymbolSyndromes;
}

const std::array<SymbolWord, kSyndromes>& dual_words() {
  return kDualWords;
}

std::uint16_t offset_word(Offset offset) {
  return kOffsetWords[static_cast<std::size_t>(offset)];
}

}  // namespace fmrx::rds
