// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "rds/cyclic_text.hpp"
#include "rds/pair.hpp"
#include "rds/text.hpp"

namespace fmrx::rds {

/// RadioText in Unicode, up to 128 bytes, four to a group of the application eRT (IEC 62106 Annex Q).
class EnhancedRadioText {
 public:
  EnhancedRadioText() : text_(length_of) {}

  using News = CyclicText<64>::News;

  /// The message of its announcement tells the encoding.
  void take_announcement(std::uint16_t message) { utf8_ = (message & 1) != 0; }

  News take(unsigned segment, std::optional<Pair> block3, std::optional<Pair> block4, const Moment& now,
            bool noisy);

  [[nodiscard]] bool has_text() const { return text_.has_text(); }
  [[nodiscard]] bool is_current() const { return text_.is_current(); }
  [[nodiscard]] Text text() const;

 private:
  static std::optional<std::size_t> length_of(std::uint8_t key, const CyclicText<64>::Pairs& pairs,
                                              const std::bitset<64>& there);

  CyclicText<64> text_;
  bool utf8_ = false;
};

}  // namespace fmrx::rds
