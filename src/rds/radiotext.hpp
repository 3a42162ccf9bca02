// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "rds/cyclic_text.hpp"
#include "rds/pair.hpp"
#include "rds/text.hpp"

namespace fmrx::rds {

/// RadioText (IEC 62106 3.1.5.3): up to 64 characters, four to a group 2A, or up to 32, two to a
/// group 2B. It ends at a carriage return, or where it is as long as it can be. A flag, A or B,
/// changes with the text.
class RadioText {
 public:
  RadioText() : text_(length_of) {}

  using News = CyclicText<32>::News;

  /// Group 2A: blocks 3 and 4, as far as they were received.
  News take_2a(bool flag_b, unsigned segment, std::optional<Pair> block3, std::optional<Pair> block4,
               const Moment& now, bool noisy);
  /// Group 2B: block 4.
  News take_2b(bool flag_b, unsigned segment, std::optional<Pair> block4, const Moment& now, bool noisy);

  [[nodiscard]] bool has_text() const { return text_.has_text(); }
  /// Without the end mark; blanks at its end are the station's.
  [[nodiscard]] Text text() const;
  [[nodiscard]] bool is_flag_b() const { return (text_.key() & kFlagB) != 0; }
  [[nodiscard]] bool is_current() const { return text_.is_current(); }

  [[nodiscard]] std::uint32_t pairs_seen() const { return text_.pairs_seen(); }
  [[nodiscard]] std::uint32_t errors_seen() const { return text_.errors_seen(); }

 private:
  static constexpr std::uint8_t kFlagB = 1;
  static constexpr std::uint8_t kVersionB = 2;

  static std::optional<std::size_t> length_of(std::uint8_t key, const CyclicText<32>::Pairs& pairs,
                                              const std::bitset<32>& there);

  CyclicText<32> text_;
};

}  // namespace fmrx::rds
