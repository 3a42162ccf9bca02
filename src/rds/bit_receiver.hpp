// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rds/group.hpp"
#include "rds/group_decoder.hpp"

namespace fmrx::rds {

/// RDS from bits that another demodulator has decided, after differential decoding. Any cutting of
/// the bits gives the same groups.
class BitReceiver {
 public:
  BitReceiver();

  /// A bit for each element, 0 or 1. Groups that ended with them, in order, valid until the next call; their
  /// times count 1187.5 bits a second.
  [[nodiscard]] std::span<const Group> process(std::span<const std::uint8_t> bits);

  /// What was received of the last group.
  [[nodiscard]] std::span<const Group> finish();

 private:
  static constexpr std::size_t kPiece = 1'024;

  GroupDecoder decoder_;
  std::uint64_t bits_ = 0;
  bool symbol_ = false;
  std::vector<SoftSymbol> symbols_;
  std::vector<Group> groups_;
};

}  // namespace fmrx::rds
