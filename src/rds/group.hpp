// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace fmrx::rds {

/// How a block came in.
enum class Confidence : std::uint8_t {
  failed,     ///< not received: its bits mean nothing
  corrected,  ///< bits were changed to make it a word of the code
  clean,      ///< a word of the code as it was received
};

/// The 16 information bits of a block.
struct Block {
  std::uint16_t bits = 0;
  Confidence confidence = Confidence::failed;

  [[nodiscard]] bool received() const { return confidence != Confidence::failed; }
};

/// Four blocks as the station sent them (IEC 62106, 2.1). At the start and at the end of
/// reception a group may be partial: blocks that were not heard have failed.
struct Group {
  std::array<Block, 4> blocks{};
  /// Block 3 came with offset word C', so it repeats the PI: version B. Means something
  /// only where block 3 was received.
  bool c_prime = false;
  /// When its last bit ended, from the first sample on. It does not decrease from one group
  /// to the next, and it jumps where samples are missing.
  std::chrono::duration<double> time{0};
};

}  // namespace fmrx::rds
