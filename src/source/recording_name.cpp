// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/recording_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fmrx::source {

namespace {

/// No tuner that covers the FM band goes far below this, and no dongle samples as fast.
constexpr std::uint64_t kLeastCentre_Hz = 20'000'000;
constexpr std::uint64_t kMostDigits = 12;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view without_folders(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);  // npos + 1 is 0
}

/// Splits at the last dot, unless what follows is part of a number ("fm_93.1M").
std::pair<std::string_view, std::string_view> split_extension(std::string_view name) {
  const std::size_t dot = name.find_last_of('.');
  if (dot == std::string_view::npos || dot + 1 == name.size() || !is_letter(name[dot + 1])) return {name, {}};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

std::optional<IqFormat> format_of_extension(std::string_view extension) {
  std::string lowered(extension);
  std::ranges::transform(lowered, lowered.begin(), lower);
  struct Known {
    std::string_view extension;
    IqFormat format;
  };
  static constexpr std::array kKnown{
      Known{"cu8", IqFormat::cu8},    Known{"u8", IqFormat::cu8},   Known{"bin", IqFormat::cu8},
      Known{"cs16", IqFormat::cs16},  Known{"s16", IqFormat::cs16}, Known{"sc16", IqFormat::cs16},
      Known{"cf32", IqFormat::cf32},  Known{"f32", IqFormat::cf32}, Known{"fc32", IqFormat::cf32},
      Known{"cfile", IqFormat::cf32},
  };
  const auto known = std::ranges::find(kKnown, lowered, &Known::extension);
  if (known == kKnown.end()) return std::nullopt;
  return known->format;
}

std::vector<std::string_view> split_words(std::string_view name) {
  std::vector<std::string_view> words;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of("_- "), name.size());
    if (end > 0) words.push_back(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return words;
}

std::optional<std::uint64_t> whole_number(std::string_view digits) {
  if (digits.empty() || digits.size() > kMostDigits || !std::ranges::all_of(digits, is_digit))
    return std::nullopt;
  std::uint64_t value = 0;
  for (const char digit : digits) value = value * 10 + static_cast<std::uint64_t>(digit - '0');
  return value;
}

/// Powers of ten that a unit stands for: "k", "MHz", "Hz", "ksps".
std::optional<int> exponent_of_unit(std::string_view unit) {
  int exponent = 0;
  bool prefixed = true;
  if (unit.starts_with('k') || unit.starts_with('K')) {
    exponent = 3;
  } else if (unit.starts_with('M')) {
    exponent = 6;
  } else {
    prefixed = false;
  }
  if (prefixed) unit.remove_prefix(1);
  if (unit.empty() && prefixed) return exponent;
  if (unit == "Hz" || unit == "hz" || unit == "sps" || unit == "SPS") return exponent;
  return std::nullopt;
}

/// A decimal number with a unit, letters before it allowed: "93.1M", "fm100.1M", "256k".
std::optional<std::uint64_t> quantity(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_of("0123456789"), word.size()));
  const auto number_end =
      std::ranges::find_if(word, [](char c) { return !is_digit(c) && c != '.'; }) - word.begin();
  std::string digits(word.substr(0, static_cast<std::size_t>(number_end)));
  std::optional<int> exponent = exponent_of_unit(word.substr(static_cast<std::size_t>(number_end)));
  if (!exponent) return std::nullopt;
  const std::size_t point = digits.find('.');
  if (point != std::string::npos) {
    *exponent -= static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  std::optional<std::uint64_t> value = whole_number(digits);
  if (!value) return std::nullopt;
  for (; *exponent > 0; --*exponent) *value *= 10;
  for (; *exponent < 0; ++*exponent) *value /= 10;
  return value;
}

void take(std::uint64_t hz, RecordingName& into) {
  if (hz >= kLeastCentre_Hz) {
    if (!into.centre) into.centre = Hertz(static_cast<double>(hz));
  } else if (hz > 0) {
    if (!into.rate) into.rate = SampleRate(static_cast<std::uint32_t>(hz));
  }
}

}  // namespace

RecordingName parse_recording_name(std::string_view path) {
  const auto [stem, extension] = split_extension(without_folders(path));
  const std::vector<std::string_view> words = split_words(stem);
  RecordingName name;
  name.format = format_of_extension(extension);

  // Gqrx: date, time, centre, rate, "fc" for float complex.
  constexpr std::size_t kGqrxWords = 6;
  if (words.size() == kGqrxWords && words.front() == "gqrx" && words.back() == "fc") {
    if (!name.format && extension == "raw") name.format = IqFormat::cf32;
    const auto centre_hz = whole_number(words[3]);
    const auto rate_hz = whole_number(words[4]);
    if (centre_hz) name.centre = Hertz(static_cast<double>(*centre_hz));
    if (rate_hz && *rate_hz > 0 && *rate_hz <= UINT32_MAX)
      name.rate = SampleRate(static_cast<std::uint32_t>(*rate_hz));
    return name;
  }
  for (const std::string_view word : words) {
    const auto hz = quantity(word);
    if (hz) take(*hz, name);
  }
  return name;
}

}  // namespace fmrx::source
