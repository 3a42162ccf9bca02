// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/programme_service.hpp"

namespace fmrx::rds {

namespace {

constexpr std::uint8_t kEndOfText = 0x0D;

std::optional<std::size_t> length_of(std::uint8_t /*key*/, const LongProgrammeService::Pairs& pairs,
                                     const std::bitset<16>& there) {
  for (std::size_t at = 0; at < pairs.size(); ++at) {
    if (!there[at]) return std::nullopt;
    if (pairs[at] >> 8 == kEndOfText || (pairs[at] & 0xFF) == kEndOfText) return at + 1;
  }
  return pairs.size();
}

}  // namespace

LongProgrammeService::LongProgrammeService() : CyclicText(length_of) {}

Text LongProgrammeService::text() const {
  Text out;
  out.encoding = Encoding::utf8;
  const Text sent = shown_text(*this);
  for (const std::uint8_t byte : sent.view()) {
    if (byte == kEndOfText) break;
    out.push(byte);
  }
  return out;
}

}  // namespace fmrx::rds
