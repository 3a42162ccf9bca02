// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/bit_receiver.hpp"

#include <algorithm>

namespace fmrx::rds {
namespace {

/// One symbol in four hundred may be wrong, log(399): nothing is known of what decided the bits.
constexpr float kTrust = 6;

}  // namespace

BitReceiver::BitReceiver() : decoder_(kPiece) {
  symbols_.reserve(kPiece);
}

std::span<const Group> BitReceiver::process(std::span<const std::uint8_t> bits) {
  groups_.clear();
  while (!bits.empty()) {
    const std::size_t count = std::min(kPiece, bits.size());
    symbols_.clear();
    for (const std::uint8_t bit : bits.first(count)) {
      // A wrong symbol was two wrong bits: encoded again, it is one.
      symbol_ = symbol_ != (bit != 0);
      ++bits_;
      symbols_.push_back({symbol_ ? -kTrust : kTrust, static_cast<double>(bits_) / kBitRate_Hz});
    }
    const std::span<const Group> groups = decoder_.process(symbols_);
    groups_.insert(groups_.end(), groups.begin(), groups.end());
    bits = bits.subspan(count);
  }
  return groups_;
}

std::span<const Group> BitReceiver::finish() {
  return decoder_.finish();
}

}  // namespace fmrx::rds
