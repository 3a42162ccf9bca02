// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "sim/rds_encoder.hpp"

namespace fmrx::sim {

/// The biphase signal of an RDS bit stream at 240 kHz, before it modulates the
/// 57 kHz subcarrier (IEC 62106 1.6 and 1.7). The worst sequence of bits peaks
/// at 1. 16 pilot cycles are one bit, so 3840 samples are exactly 19.
class RdsWaveform {
 public:
  RdsWaveform(const RdsIdentity& identity, bool stereo);

  void render(std::span<float> signal);

 private:
  /// Bits whose shaped symbols overlap at any moment.
  static constexpr std::size_t kOverlap = 10;
  static constexpr std::uint32_t kBitsPerPeriod = 19;
  static constexpr std::uint32_t kPeriod = 3'840;  ///< samples; also the steps of a bit

  using SymbolTable = std::array<std::array<float, kOverlap>, kPeriod>;
  static const SymbolTable& symbols();
  static void fill(SymbolTable& table);

  void next_bit();

  RdsEncoder encoder_;
  const SymbolTable& symbols_;
  std::array<float, kOverlap> bits_{};  ///< +-1, oldest first
  std::uint32_t position_ = 0;          ///< in the bit, in steps of 1/3840
};

}  // namespace fmrx::sim
