// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "rds/character_set.hpp"

namespace fmrx::rds {

/// How the bytes of a text are to be read.
enum class Encoding : std::uint8_t { rds, utf8, ucs2 };

/// A text as the station sent it: raw bytes, which may be anything. Whoever shows them cleans them.
struct Text {
  static constexpr std::size_t kMost_bytes = 128;

  std::array<std::uint8_t, kMost_bytes> bytes{};
  std::uint8_t size = 0;
  Encoding encoding = Encoding::rds;
  CharacterSet set = CharacterSet::g0;  ///< of Encoding::rds

  [[nodiscard]] std::span<const std::uint8_t> view() const& { return {bytes.data(), size}; }
  /// Of a temporary it would dangle.
  void view() const&& = delete;
  void push(std::uint8_t byte) {
    if (size < kMost_bytes) bytes[size++] = byte;
  }

  friend bool operator==(const Text&, const Text&) = default;
};

/// The pairs of a text, one after the other.
[[nodiscard]] Text text_of_pairs(std::span<const std::uint16_t> pairs);

}  // namespace fmrx::rds
