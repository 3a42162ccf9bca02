// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace fmrx::rds {

/// Two characters: a block of text.
struct Pair {
  std::uint16_t bits = 0;
  bool doubtful = false;  ///< corrected, in poor reception: to be believed when it has come twice
};

}  // namespace fmrx::rds
