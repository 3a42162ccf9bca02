// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/alternative_frequencies.hpp"

#include <algorithm>

namespace fmrx::rds {

namespace {

// Codes with a meaning of their own (3.2.1.6.1, table 11).
constexpr std::uint8_t kFiller = 205;
constexpr std::uint8_t kNoneExists = 224;
constexpr std::uint8_t kMostFollow = 249;
constexpr std::uint8_t kLfMfFollows = 250;

bool is_header(std::uint8_t code) {
  return code >= kNoneExists && code <= kMostFollow;
}

}  // namespace

std::optional<Hertz> af_frequency(std::uint8_t code) {
  if (code < 1 || code > 204) return std::nullopt;
  return Hertz(87.5e6 + 100e3 * code);
}

std::optional<Hertz> af_frequency_lf_mf(std::uint8_t code) {
  if (code < 1 || code > 135) return std::nullopt;
  if (code <= 15) return Hertz(144e3 + 9e3 * code);
  return Hertz(531e3 + 9e3 * (code - 16));
}

bool operator==(const AfList& a, const AfList& b) {
  return a.tuned == b.tuned && std::ranges::equal(a.view(), b.view());
}

std::optional<AfList> AfCollector::take(std::uint16_t block) {
  const auto first = static_cast<std::uint8_t>(block >> 8);
  const auto second = static_cast<std::uint8_t>(block & 0xFF);
  if (is_header(first)) {
    wanted_ = first - std::size_t{kNoneExists};
    size_ = 0;
    got_ = 0;
    if (wanted_ > 0) push(second);
  } else if (wanted_ > 0) {
    push(first);
    if (wanted_ > 0) push(second);
  }
  if (wanted_ == 0 || got_ < wanted_) return std::nullopt;
  const bool as_announced = got_ == wanted_;
  wanted_ = 0;
  if (!as_announced) return std::nullopt;
  AfList complete = list();
  if (complete.size == 0) return std::nullopt;
  return complete;
}

/// Counts entries of the list: fillers and the mark before a long or medium wave are none. Code 0, which
/// the standard forbids, is an entry to those who send it.
void AfCollector::push(std::uint8_t code) {
  const bool after_mark = size_ > 0 && codes_[size_ - 1] == kLfMfFollows;
  if (code == kFiller && !after_mark) return;
  if (code > kFiller && code != kLfMfFollows && !after_mark) {
    gap();  // no list has such a code: the block was wrong
    return;
  }
  if (size_ < codes_.size()) codes_[size_++] = code;
  if (code != kLfMfFollows || after_mark) ++got_;
}

/// Method B pairs each alternative with the tuned frequency, which is the first of the list (3.2.1.6.4).
/// Some stations fill up with pairs of the tuned frequency alone.
bool AfCollector::is_method_b() const {
  if (size_ < 3 || size_ % 2 == 0) return false;
  const std::uint8_t tuned = codes_[0];
  bool has_alternative = false;
  for (std::size_t i = 1; i + 1 < size_; i += 2) {
    const bool has_mark = codes_[i] == kLfMfFollows;
    if (has_mark || (codes_[i] != tuned && codes_[i + 1] != tuned)) return false;
    has_alternative = has_alternative || codes_[i] != codes_[i + 1];
  }
  return has_alternative;
}

AfList AfCollector::list() const {
  AfList list;
  if (is_method_b()) {
    const std::uint8_t tuned = codes_[0];
    list.tuned = af_frequency(tuned);
    if (!list.tuned) return list;
    for (std::size_t i = 1; i + 1 < size_; i += 2) {
      if (codes_[i] == codes_[i + 1]) continue;
      const std::uint8_t other = codes_[i] == tuned ? codes_[i + 1] : codes_[i];
      const bool descending = codes_[i] > codes_[i + 1];
      if (const auto frequency = af_frequency(other)) list.push({*frequency, descending});
    }
    return list;
  }
  for (std::size_t i = 0; i < size_; ++i) {
    const bool is_lf_mf = codes_[i] == kLfMfFollows && i + 1 < size_;
    const auto frequency = is_lf_mf ? af_frequency_lf_mf(codes_[++i]) : af_frequency(codes_[i]);
    if (frequency) list.push({*frequency});
  }
  return list;
}

}  // namespace fmrx::rds
