// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fmrx::cli {

/// A number as people write it, kept exactly: digits * 10^exponent. So 1.024M is
/// a whole number of samples a second and 1.5h one of nanoseconds. (And libc++
/// has no std::from_chars for doubles before LLVM 20.)
struct Decimal {
  std::uint64_t digits = 0;  ///< does not end in a zero, unless it is 0
  int exponent = 0;

  /// This times 10^power.
  [[nodiscard]] constexpr Decimal scaled(int power) const { return {digits, exponent + power}; }

  /// digits * factor * 10^exponent if that is a whole number that fits.
  [[nodiscard]] std::optional<std::uint64_t> whole(std::uint64_t factor = 1) const;

  /// The nearest double, exactly so for up to 15 digits and |exponent| <= 22.
  [[nodiscard]] double real() const;
};

/// Removes `12` or `12.5` from the front of `text`. Nothing if text does not
/// begin so or has more than 18 digits that count; text is spoilt then.
[[nodiscard]] std::optional<Decimal> take_decimal(std::string_view& text);

/// The same with an optional exponent: `92.7e6`.
[[nodiscard]] std::optional<Decimal> take_scientific(std::string_view& text);

/// All of `text` as a decimal with an optional sign: `-12.5`, `+3`.
[[nodiscard]] std::optional<double> signed_decimal(std::string_view text);

/// Are the two equal, but for the case of ASCII letters?
[[nodiscard]] bool same_ignoring_case(std::string_view a, std::string_view b);

}  // namespace fmrx::cli
