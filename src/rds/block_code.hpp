// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// The code of IEC 62106, Annexes A to C: shortened cyclic (26,16), an offset word added to tell
// the blocks of a group apart, and differential coding on the way to the air (1.6).
//
// A receiver sees symbols, not bits: bit i is the change from symbol i to symbol i + 1. A block
// is therefore a window of 27 symbols, the first of which ends the block before. As a word, its
// first symbol is the lowest bit. A word and its inverse carry the same bits.
namespace fmrx::rds {

inline constexpr double kBitRate_Hz = 1187.5;
inline constexpr std::size_t kBlockBits = 26;
inline constexpr std::size_t kWindowSymbols = kBlockBits + 1;
inline constexpr std::size_t kGroupBits = 4 * kBlockBits;
inline constexpr std::size_t kSyndromes = 1024;

/// In the order in which blocks come; C' stands in for C in groups of version B.
enum class Offset : std::uint8_t { a, b, c, d, c_prime };
inline constexpr std::size_t kOffsets = 5;

using SymbolWord = std::uint32_t;
inline constexpr SymbolWord kAllSymbols = (1U << kWindowSymbols) - 1;

/// The two words of a block are this one, whose first symbol is 0, and its inverse.
[[nodiscard]] SymbolWord symbols_of(std::uint16_t information, Offset offset);

/// What a word of symbols says, right or wrong.
[[nodiscard]] std::uint16_t information_in(SymbolWord symbols);

/// 0 where the symbols are a block with this offset.
[[nodiscard]] unsigned syndrome(SymbolWord symbols, Offset offset);

/// What one wrong symbol adds to the syndrome.
[[nodiscard]] const std::array<std::uint16_t, kWindowSymbols>& symbol_syndromes();

/// Words of the dual code: entry u has a one at each symbol whose syndrome has an odd number of
/// ones in common with u. The symbols of a block with offset word s have parity (u . s) there.
[[nodiscard]] const std::array<SymbolWord, kSyndromes>& dual_words();

[[nodiscard]] std::uint16_t offset_word(Offset offset);

}  // namespace fmrx::rds
