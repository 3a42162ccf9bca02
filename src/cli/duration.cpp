// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/duration.hpp"

#include <array>
#include <cstddef>
#include <optional>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/decimal.hpp"

namespace fmrx::cli {
namespace {

constexpr std::uint64_t kNanoseconds = 1'000'000'000;
constexpr std::uint64_t kLongest_ns = 100ULL * 365 * 24 * 3600 * kNanoseconds;  // a century

/// Nanoseconds of `number` times `unit_s` seconds, if that is a whole number.
std::optional<std::uint64_t> nanoseconds(Decimal number, std::uint64_t unit_s) {
  return number.scaled(9).whole(unit_s);
}

bool is_whole(Decimal number) {
  return number.exponent >= 0;
}

/// `1:30`, `1:30:00.5`: the last part is seconds; all but the first are two
/// digits below 60.
std::optional<std::uint64_t> parse_clock(std::string_view text) {
  std::uint64_t minutes_ns = 0;
  for (int part = 0; part < 3; ++part) {
    const std::string_view before = text;
    const std::optional<Decimal> number = take_decimal(text);
    if (!number) return std::nullopt;

    if (part > 0) {
      const std::string_view written = before.substr(0, before.size() - text.size());
      const bool two_digits = written.size() == 2 || (written.size() > 2 && written[2] == '.');
      if (!two_digits || number->real() >= 60) return std::nullopt;
    }
    const std::optional<std::uint64_t> part_ns = nanoseconds(*number, 1);
    if (!part_ns || *part_ns > kLongest_ns) return std::nullopt;
    const std::uint64_t sum_ns = minutes_ns * 60 + *part_ns;
    if (sum_ns > kLongest_ns) return std::nullopt;
    if (text.empty()) return part > 0 ? std::optional(sum_ns) : std::nullopt;

    if (text[0] != ':' || !is_whole(*number)) return std::nullopt;
    text.remove_prefix(1);
    minutes_ns = sum_ns;
  }
  return std::nullopt;
}

/// `1h30m`, `90s`, `1.5`: units from large to small, each at most once; only the
/// last number may have decimals, and only a number alone may lack its unit.
std::optional<std::uint64_t> parse_units(std::string_view text) {
  struct Unit {
    std::string_view letter;
    std::uint64_t seconds;
  };
  constexpr std::array kUnits{Unit{"h", 3600}, Unit{"m", 60}, Unit{"s", 1}};

  std::uint64_t sum_ns = 0;
  std::size_t next_unit = 0;
  do {
    const std::optional<Decimal> number = take_decimal(text);
    if (!number) return std::nullopt;
    if (text.empty()) return next_unit == 0 ? nanoseconds(*number, 1) : std::nullopt;

    while (next_unit < kUnits.size() && !same_ignoring_case(text.substr(0, 1), kUnits[next_unit].letter)) {
      ++next_unit;
    }
    if (next_unit == kUnits.size()) return std::nullopt;
    text.remove_prefix(1);
    const std::optional<std::uint64_t> part_ns = nanoseconds(*number, kUnits[next_unit++].seconds);
    if (!part_ns || *part_ns > kLongest_ns) return std::nullopt;
    if (!is_whole(*number) && !text.empty()) return std::nullopt;
    sum_ns += *part_ns;
  } while (!text.empty());
  return sum_ns;
}

}  // namespace

std::chrono::nanoseconds parse_duration(std::string_view text) {
  const bool clock = text.find(':') != std::string_view::npos;
  const std::optional<std::uint64_t> ns = clock ? parse_clock(text) : parse_units(text);
  if (!ns || *ns > kLongest_ns) {
    throw Error(ExitStatus::usage,
                "'" + printable(text) + "' is not a duration; write 90, 1.5, 90s, 1h30m, 1:30 or 1:30:00");
  }
  return std::chrono::nanoseconds(*ns);
}

std::uint64_t samples_in(std::chrono::nanoseconds duration, SampleRate rate) {
  const auto ns = static_cast<std::uint64_t>(duration.count());
  // Whole seconds apart from the rest: a century at 3.2 MS/s stays within 64 bits.
  const std::uint64_t rest = (ns % kNanoseconds * rate.value() + kNanoseconds / 2) / kNanoseconds;
  return ns / kNanoseconds * rate.value() + rest;
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const auto seconds = duration.count() / static_cast<std::int64_t>(kNanoseconds);
  const auto two_digits = [](std::int64_t value) { return std::to_string(100 + value).substr(1); };
  const std::string tail = ":" + two_digits(seconds % 60);
  if (seconds < 3600) return std::to_string(seconds / 60) + tail;
  return std::to_string(seconds / 3600) + ":" + two_digits(seconds / 60 % 60) + tail;
}

}  // namespace fmrx::cli
