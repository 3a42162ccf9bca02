// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace fmrx::test {

/// What FMRX_USB asks for: see README.md.
struct Behaviour {
  static constexpr int kMostDongles = 4;
  static constexpr std::uint64_t kNever = UINT64_MAX;

  int dongles = 1;
  int open_result = 0;
  int claim_result = 0;
  bool open_hangs = false;
  bool simulates = false;
  bool is_fast = false;
  std::uint64_t unplug_after = kNever;  ///< transfers
  std::uint64_t stall_after = kNever;   ///< transfers
};

/// Aborts with a message on a word that it does not know: a test with a misspelt one would
/// test nothing.
[[nodiscard]] Behaviour read_behaviour();

}  // namespace fmrx::test
