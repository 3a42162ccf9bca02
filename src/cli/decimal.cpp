// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/decimal.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace fmrx::cli {
namespace {

constexpr int kMostDigits = 18;           // 10^18 fits in 64 bits
constexpr std::size_t kMostExponent = 3;  // digits of an exponent; 10^999 is out of every range here

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

bool multiply(std::uint64_t& value, std::uint64_t by) {
  if (by != 0 && value > std::numeric_limits<std::uint64_t>::max() / by) return false;
  value *= by;
  return true;
}

void normalise(Decimal& number) {
  if (number.digits == 0) number.exponent = 0;
  while (number.digits != 0 && number.digits % 10 == 0) {
    number.digits /= 10;
    ++number.exponent;
  }
}

}  // namespace

std::optional<std::uint64_t> Decimal::whole(std::uint64_t factor) const {
  std::uint64_t value = digits;
  if (!multiply(value, factor)) return std::nullopt;
  if (value == 0) return 0;
  for (int power = 0; power < exponent; ++power) {
    if (!multiply(value, 10)) return std::nullopt;
  }
  for (int power = 0; power > exponent; --power) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
  }
  return value;
}

double Decimal::real() const {
  const double power = std::pow(10.0, std::abs(exponent));
  return exponent < 0 ? static_cast<double>(digits) / power : static_cast<double>(digits) * power;
}

std::optional<Decimal> take_decimal(std::string_view& text) {
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (!whole.empty() && text.size() >= 2 && text[0] == '.' && is_digit(text[1])) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole.empty()) return std::nullopt;

  const auto last_that_counts = fraction.find_last_not_of('0');
  fraction = fraction.substr(0, last_that_counts == std::string_view::npos ? 0 : last_that_counts + 1);

  Decimal number;
  int digits = 0;
  for (const std::string_view part : {whole, fraction}) {
    for (const char c : part) {
      if (number.digits != 0 || c != '0') ++digits;
      if (digits > kMostDigits) return std::nullopt;
      number.digits = number.digits * 10 + static_cast<std::uint64_t>(c - '0');
    }
  }
  number.exponent = -static_cast<int>(fraction.size());
  normalise(number);
  return number;
}

std::optional<Decimal> take_scientific(std::string_view& text) {
  std::optional<Decimal> number = take_decimal(text);
  if (!number || text.empty() || lower(text[0]) != 'e') return number;

  text.remove_prefix(1);
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::string_view digits = take_digits(text);
  if (digits.empty() || digits.size() > kMostExponent) return std::nullopt;
  int exponent = 0;
  for (const char c : digits) exponent = exponent * 10 + (c - '0');
  if (number->digits != 0) number->exponent += negative ? -exponent : exponent;
  return number;
}

std::optional<double> signed_decimal(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::optional<Decimal> number = take_decimal(text);
  if (!number || !text.empty()) return std::nullopt;
  return negative ? -number->real() : number->real();
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char left, char right) { return lower(left) == lower(right); });
}

}  // namespace fmrx::cli
