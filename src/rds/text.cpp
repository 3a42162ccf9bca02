// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/text.hpp"

namespace fmrx::rds {

Text text_of_pairs(std::span<const std::uint16_t> pairs) {
  Text text;
  for (const std::uint16_t pair : pairs) {
    text.push(static_cast<std::uint8_t>(pair >> 8));
    text.push(static_cast<std::uint8_t>(pair & 0xFF));
  }
  return text;
}

}  // namespace fmrx::rds
