// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/hex.hpp"

namespace fmrx::report {

std::string hex(unsigned value, unsigned digits) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text(digits, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4) *digit = kDigits[value & 0xF];
  return text;
}

std::string hex_line(const rds::Group& group) {
  std::string line;
  for (const rds::Block& block : group.blocks) {
    if (!line.empty()) line += ' ';
    line += block.received() ? hex(block.bits) : "----";
  }
  return line;
}

}  // namespace fmrx::report
