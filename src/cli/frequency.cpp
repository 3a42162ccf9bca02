// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/frequency.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/decimal.hpp"

namespace fmrx::cli {
namespace {

constexpr double kHighest_Hz = 4e9;  // no receiver of this kind tunes higher, and 32 bits hold it

[[noreturn]] void refuse(std::string_view text, std::string_view what, std::string_view accepted) {
  std::string line = "'" + printable(text) + "' is not ";
  line += what;
  line += "; write ";
  line += accepted;
  throw Error(ExitStatus::usage, line);
}

struct Scaled {
  Decimal number;     ///< prefix applied
  bool bare = false;  ///< neither prefix nor unit
};

/// All of `text` as a number, a prefix k, M or G, and `unit`; each but the number
/// may be missing.
std::optional<Scaled> parse_scaled(std::string_view text, std::string_view unit) {
  const std::optional<Decimal> number = take_scientific(text);
  if (!number) return std::nullopt;
  if (text.empty()) return Scaled{*number, true};

  int power = 0;
  if (same_ignoring_case(text.substr(0, 1), "k")) power = 3;
  if (same_ignoring_case(text.substr(0, 1), "M")) power = 6;
  if (same_ignoring_case(text.substr(0, 1), "G")) power = 9;
  if (power != 0) text.remove_prefix(1);
  if (!text.empty() && !same_ignoring_case(text, unit)) return std::nullopt;
  return Scaled{number->scaled(power), false};
}

/// `value` / 10^decimals, without zeros behind the first decimal.
std::string format_scaled(std::uint64_t value, unsigned decimals, bool keep_first) {
  std::uint64_t divisor = 1;
  for (unsigned i = 0; i < decimals; ++i) divisor *= 10;
  std::string fraction = std::to_string(divisor + value % divisor).substr(1);
  while (fraction.size() > (keep_first ? 1U : 0U) && fraction.back() == '0') fraction.pop_back();
  std::string text = std::to_string(value / divisor);
  if (!fraction.empty()) text += "." + fraction;
  return text;
}

}  // namespace

Hertz parse_frequency(std::string_view text) {
  constexpr std::string_view kAccepted = "92.7M, 92700k, 92.7e6, 92700000 or, in MHz, 92.7";
  const std::optional<Scaled> parsed = parse_scaled(text, "Hz");
  if (!parsed) refuse(text, "a frequency", kAccepted);
  double hz = parsed->number.real();
  if (parsed->bare && hz < 1000) hz = parsed->number.scaled(6).real();
  if (!(hz > 0 && hz <= kHighest_Hz)) refuse(text, "a frequency", kAccepted);
  return Hertz(hz);
}

Hertz parse_offset(std::string_view text) {
  constexpr std::string_view kAccepted = "250k, -0.25M or -250000";
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest[0] == '-';
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) rest.remove_prefix(1);
  const std::optional<Scaled> parsed = parse_scaled(rest, "Hz");
  if (!parsed) refuse(text, "an offset", kAccepted);
  const double hz = parsed->number.real();
  const bool ambiguous = parsed->bare && hz != 0 && hz < 1000;
  if (ambiguous || hz > kHighest_Hz) refuse(text, "an offset", kAccepted);
  return Hertz(negative ? -hz : hz);
}

SampleRate parse_rate(std::string_view text) {
  const std::optional<Scaled> parsed = parse_scaled(text, "S/s");
  const std::optional<std::uint64_t> rate = parsed ? parsed->number.whole() : std::nullopt;
  if (!rate || *rate == 0 || *rate > std::numeric_limits<std::uint32_t>::max()) {
    refuse(text, "a whole number of samples a second", "2.4M, 256k or 1024000");
  }
  return SampleRate(static_cast<std::uint32_t>(*rate));
}

std::string format_frequency(Hertz frequency) {
  const auto hz = static_cast<std::uint64_t>(std::llround(std::abs(frequency.value())));
  return (frequency.value() < 0 ? "-" : "") + format_scaled(hz, 6, true) + " MHz";
}

std::string format_rate(SampleRate rate) {
  if (rate.value() >= 1'000'000) return format_scaled(rate.value(), 6, false) + " MS/s";
  return format_scaled(rate.value(), 3, false) + " kS/s";
}

}  // namespace fmrx::cli
