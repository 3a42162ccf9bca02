// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/radiotext.hpp"

#include <array>

namespace fmrx::rds {

namespace {

constexpr std::uint8_t kEndOfText = 0x0D;

}  // namespace

RadioText::News RadioText::take_2a(bool flag_b, unsigned segment, std::optional<Pair> block3,
                                   std::optional<Pair> block4, const Moment& now, bool noisy) {
  std::array<CyclicText<32>::Piece, 2> pieces{};
  std::size_t count = 0;
  const std::size_t from = std::size_t{2} * (segment % 16);
  if (block3) pieces[count++] = {from, block3->bits, block3->doubtful};
  if (block4) pieces[count++] = {from + 1, block4->bits, block4->doubtful};
  return text_.take(flag_b ? kFlagB : 0, from, std::span(pieces).first(count), now, noisy);
}

RadioText::News RadioText::take_2b(bool flag_b, unsigned segment, std::optional<Pair> block4,
                                   const Moment& now, bool noisy) {
  std::array<CyclicText<32>::Piece, 1> pieces{};
  const std::size_t from = segment % 16;
  if (block4) pieces[0] = {from, block4->bits, block4->doubtful};
  const auto key = static_cast<std::uint8_t>(kVersionB | (flag_b ? kFlagB : 0));
  return text_.take(key, from, std::span(pieces).first(block4 ? 1 : 0), now, noisy);
}

std::optional<std::size_t> RadioText::length_of(std::uint8_t key, const CyclicText<32>::Pairs& pairs,
                                                const std::bitset<32>& there) {
  const std::size_t most = (key & kVersionB) != 0 ? 16 : 32;
  for (std::size_t at = 0; at < most; ++at) {
    if (!there[at]) return std::nullopt;
    if (pairs[at] >> 8 == kEndOfText || (pairs[at] & 0xFF) == kEndOfText) return at + 1;
  }
  return most;
}

Text RadioText::text() const {
  const Text all = text_of_pairs(std::span(text_.pairs()).first(text_.length()));
  Text text;
  for (const std::uint8_t byte : all.view()) {
    if (byte == kEndOfText) break;
    text.push(byte);
  }
  return text;
}

}  // namespace fmrx::rds
