// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rds/group.hpp"

namespace fmrx::rds::test {

/// Makes the groups of a station, as IEC 62106 lays them out; a group's time follows from its number.
class GroupEncoder {
 public:
  explicit GroupEncoder(std::uint16_t pi) : pi_(pi) {}

  std::uint8_t pty = 0;
  bool tp = false;

  /// Any group: its code (number and version), the last five bits of block 2, and blocks 3 and 4.
  [[nodiscard]] Group group(unsigned number, char version, unsigned low_bits, unsigned block3,
                            unsigned block4) {
    const bool version_b = version == 'B';
    const unsigned block2 =
        number << 12 | (version_b ? 1U << 11 : 0U) | (tp ? 1U << 10 : 0U) | unsigned{pty} << 5 | low_bits;
    Group made;
    made.blocks = {clean(pi_), clean(block2), clean(version_b ? pi_ : block3), clean(block4)};
    made.c_prime = version_b;
    made.time = std::chrono::duration<double>(++groups_ * 104 / 1187.5);
    return made;
  }

  [[nodiscard]] Group ps(unsigned segment, std::string_view name, unsigned af = 0xE0CD) {
    return group(0, 'A', segment, af, pair(name, 2 * std::size_t{segment}));
  }
  [[nodiscard]] Group radiotext(unsigned segment, std::string_view text, bool flag_b = false) {
    const std::size_t at = std::size_t{4} * segment;
    return group(2, 'A', (flag_b ? 0x10U : 0U) | segment, pair(text, at), pair(text, at + 2));
  }

  /// Two characters; blanks behind the end.
  [[nodiscard]] static unsigned pair(std::string_view text, std::size_t at) {
    const auto character = [&](std::size_t i) {
      return i < text.size() ? static_cast<unsigned>(static_cast<unsigned char>(text[i])) : unsigned{' '};
    };
    return character(at) << 8 | character(at + 1);
  }

 private:
  static Block clean(unsigned bits) { return {static_cast<std::uint16_t>(bits), Confidence::clean}; }

  std::uint16_t pi_;
  int groups_ = 0;
};

/// The bytes of a text as a string.
template <class Text>
[[nodiscard]] std::string string_of(const Text& text) {
  const auto bytes = text.view();
  return {bytes.begin(), bytes.end()};
}

inline void lose(Group& group, std::size_t block) {
  group.blocks.at(block) = Block{};
}

}  // namespace fmrx::rds::test
