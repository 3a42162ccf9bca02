// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/units.hpp"

namespace fmrx::rds {

/// The frequency of an AF code (IEC 62106 3.2.1.6, tables 11 to 13): codes 1 to 204 are 87.6 to 107.9 MHz.
[[nodiscard]] std::optional<Hertz> af_frequency(std::uint8_t code);

/// As above, of a code that follows code 250: long and medium wave, 153 to 1602 kHz.
[[nodiscard]] std::optional<Hertz> af_frequency_lf_mf(std::uint8_t code);

/// A complete list of alternative frequencies.
struct AfList {
  /// A list says how many there are: 25 at most.
  static constexpr std::size_t kMost = 25;

  struct Entry {
    Hertz frequency;
    bool regional_variant = false;  ///< method B: the programme differs at times
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  /// Method B: the transmitter whose alternatives these are. Nothing: method A, a plain list.
  std::optional<Hertz> tuned;
  std::array<Entry, kMost> entries{};
  std::size_t size = 0;

  [[nodiscard]] std::span<const Entry> view() const { return {entries.data(), size}; }
  void push(Entry entry) {
    if (size < kMost) entries[size++] = entry;
  }
  friend bool operator==(const AfList& a, const AfList& b);
};

/// Collects lists from the blocks 3 of successive groups 0A, or of variant 4 of 14A. A list is
/// taken only where all its blocks came one after the other: another list may have begun in a gap.
class AfCollector {
 public:
  /// The next block. Gives a list with its last one.
  std::optional<AfList> take(std::uint16_t block);
  /// A block was lost here, or may have been.
  void gap() { wanted_ = 0; }

 private:
  [[nodiscard]] AfList list() const;
  [[nodiscard]] bool is_method_b() const;
  void push(std::uint8_t code);

  static constexpr std::size_t kMostCodes = 2 * AfList::kMost + 2;

  std::array<std::uint8_t, kMostCodes> codes_{};
  std::size_t size_ = 0;
  std::size_t wanted_ = 0;  ///< frequencies of the list that is being collected; 0: none
  std::size_t got_ = 0;
};

}  // namespace fmrx::rds
