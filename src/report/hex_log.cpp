// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/hex_log.hpp"

#include <algorithm>
#include <cctype>

namespace fmrx::report {

namespace {

using Seconds = std::chrono::duration<double>;

/// 104 bits at 1187.5 bit/s.
constexpr Seconds kGroupTime{104 / 1187.5};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return std::nullopt;
}

/// Takes a block of four characters off the text: digits, or marks of a failure.
std::optional<rds::Block> take_block(std::string_view& text) {
  constexpr std::size_t kDigits = 4;
  if (text.size() < kDigits) return std::nullopt;
  unsigned bits = 0;
  std::size_t failed = 0;
  for (const char c : text.substr(0, kDigits)) {
    const auto digit = hex_digit(c);
    constexpr std::string_view kFailureMarks = "-?*.xX_";
    if (!digit && kFailureMarks.find(c) == std::string_view::npos) return std::nullopt;
    if (!digit) ++failed;
    bits = bits << 4 | digit.value_or(0);
  }
  text.remove_prefix(kDigits);
  if (failed > 0) return rds::Block{};
  return rds::Block{static_cast<std::uint16_t>(bits), rds::Confidence::clean};
}

std::string_view without_blanks_before(std::string_view text) {
  text.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(text, is_blank) - text.begin()));
  return text;
}

/// The next number of a time stamp.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  double place = 0;
  std::size_t at = 0;
  for (; at < text.size() && at < 12; ++at) {
    const char c = text[at];
    if (c >= '0' && c <= '9') {
      value = place == 0 ? value * 10 + (c - '0') : value + place * (c - '0');
      place /= 10;
    } else if (c == '.' && place == 0) {
      place = 0.1;
    } else {
      break;
    }
  }
  if (at == 0) return std::nullopt;
  text.remove_prefix(at);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// "@2019/05/04 17:36:30.63": the time of day. Logs hardly ever reach past midnight.
std::optional<Seconds> time_stamp(std::string_view text) {
  text = without_blanks_before(text);
  if (!take(text, '@')) return std::nullopt;
  const auto year = take_number(text);
  if (!year || !take(text, '/')) return std::nullopt;
  const auto month = take_number(text);
  if (!month || !take(text, '/')) return std::nullopt;
  const auto day = take_number(text);
  text = without_blanks_before(text);
  const auto hour = take_number(text);
  if (!day || !hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text);
  if (!second || *hour >= 24 || *minute >= 60 || *second >= 61) return std::nullopt;
  return Seconds(*hour * 3600 + *minute * 60 + *second);
}

}  // namespace

std::optional<rds::Group> HexLogReader::read(std::string_view line) {
  std::string_view rest = without_blanks_before(line);
  rds::Group group;
  for (rds::Block& block : group.blocks) {
    rest = without_blanks_before(rest);
    const auto taken = take_block(rest);
    if (!taken) return std::nullopt;
    block = *taken;
  }
  const bool ends_here = rest.empty() || is_blank(rest.front()) ||
                         std::ispunct(static_cast<unsigned char>(rest.front())) != 0 || rest.front() == '\r';
  if (!ends_here) return std::nullopt;
  advance(rest);
  group.time = time_;
  return group;
}

/// Stamps are of when the line was written, so they jitter and at times go backwards.
void HexLogReader::advance(std::string_view rest) {
  const auto stamp = time_stamp(rest);
  Seconds step = kGroupTime;
  if (stamp && last_stamp_) {
    constexpr Seconds kLongestGap{3600};
    const Seconds since = *stamp - *last_stamp_;
    if (since >= Seconds(0) && since <= kLongestGap) step = since;
  }
  if (stamp) last_stamp_ = stamp;
  time_ += step;
}

}  // namespace fmrx::report
