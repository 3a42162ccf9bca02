// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace fmrx::test {

/// The byte that the pattern has at a place: no two stretches of it are alike, so that a
/// byte lost, doubled or swapped is seen. (Knuth's multiplicative hash.)
constexpr unsigned char pattern_byte(std::uint64_t place) {
  return static_cast<unsigned char>((static_cast<std::uint32_t>(place) * 2654435761U) >> 24U);
}

}  // namespace fmrx::test
