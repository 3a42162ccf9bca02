// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/enhanced_radiotext.hpp"

#include <array>

namespace fmrx::rds {

namespace {

constexpr std::uint16_t kEndOfText = 0x0D;
constexpr std::uint8_t kUtf8 = 1;

/// Where the end mark is: a byte of UTF-8, a pair of UCS-2.
bool ends(std::uint16_t pair, bool utf8) {
  return utf8 ? pair >> 8 == kEndOfText || (pair & 0xFF) == kEndOfText : pair == kEndOfText;
}

}  // namespace

EnhancedRadioText::News EnhancedRadioText::take(unsigned segment, std::optional<Pair> block3,
                                                std::optional<Pair> block4, const Moment& now, bool noisy) {
  std::array<CyclicText<64>::Piece, 2> pieces{};
  std::size_t count = 0;
  const std::size_t from = std::size_t{2} * (segment % 32);
  if (block3) pieces[count++] = {from, block3->bits, block3->doubtful};
  if (block4) pieces[count++] = {from + 1, block4->bits, block4->doubtful};
  return text_.take(utf8_ ? kUtf8 : 0, from, std::span(pieces).first(count), now, noisy);
}

std::optional<std::size_t> EnhancedRadioText::length_of(std::uint8_t key, const CyclicText<64>::Pairs& pairs,
                                                        const std::bitset<64>& there) {
  for (std::size_t at = 0; at < pairs.size(); ++at) {
    if (!there[at]) return std::nullopt;
    if (ends(pairs[at], (key & kUtf8) != 0)) return at + 1;
  }
  return pairs.size();
}

Text EnhancedRadioText::text() const {
  const bool utf8 = (text_.key() & kUtf8) != 0;
  Text text;
  text.encoding = utf8 ? Encoding::utf8 : Encoding::ucs2;
  for (const std::uint16_t pair : std::span(text_.pairs()).first(text_.length())) {
    const auto first = static_cast<std::uint8_t>(pair >> 8);
    const auto second = static_cast<std::uint8_t>(pair & 0xFF);
    const bool at_end = ends(pair, utf8);
    if (at_end && (!utf8 || first == kEndOfText)) break;
    text.push(first);
    if (at_end) break;
    text.push(second);
  }
  return text;
}

}  // namespace fmrx::rds
