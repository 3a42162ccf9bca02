// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace fmrx::rds {

/// Decoder identification (IEC 62106 3.2.1.5): one bit in each group 0 and 15B.
struct DecoderBit {
  enum class Meaning : std::uint8_t { dynamic_pty, compressed, artificial_head, stereo };
  Meaning meaning = Meaning::dynamic_pty;
  bool set = false;
};

/// Fast switching information of groups 0 and 15B (3.1.5.1, 3.1.5.21).
struct BasicTuning {
  bool traffic_announcement = false;
  bool music = false;
  DecoderBit decoder;
};

/// From the last five bits of block 2, or of block 4 of 15B. The bit with address 0 is d3.
[[nodiscard]] constexpr BasicTuning basic_tuning(std::uint16_t flags) {
  return {
      (flags & 0x10) != 0, (flags & 8) != 0, {static_cast<DecoderBit::Meaning>(flags & 3), (flags & 4) != 0}};
}

}  // namespace fmrx::rds
