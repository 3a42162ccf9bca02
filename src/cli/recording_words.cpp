// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/recording_words.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/decimal.hpp"
#include "cli/duration.hpp"

namespace fmrx::cli {

namespace {

constexpr std::uint64_t kMega = 1'000'000;
/// Less is no recording: some seconds, and the library's headers.
constexpr std::uint64_t kSmallestFile_bytes = kMega;

struct FormatName {
  std::string_view name;
  FileFormat format;
};
constexpr std::array kFormats{FormatName{"raw", FileFormat::raw},    FormatName{"wav", FileFormat::wav},
                              FormatName{"flac", FileFormat::flac},  FormatName{"opus", FileFormat::opus},
                              FormatName{"ogg", FileFormat::vorbis}, FormatName{"mp3", FileFormat::mp3}};

std::string in_quotes(std::string_view text) {
  return "'" + printable(text) + "'";
}

/// Bytes of "500M"; nothing if it does not end in M, G or T.
std::optional<std::uint64_t> parse_size(std::string_view text) {
  constexpr std::array kUnits{std::pair('M', kMega), std::pair('G', 1'000 * kMega),
                              std::pair('T', 1'000'000 * kMega)};
  if (text.empty()) return std::nullopt;
  for (const auto& [letter, unit] : kUnits) {
    if (text.back() != letter) continue;
    std::string_view number = text.substr(0, text.size() - 1);
    const std::optional<Decimal> value = take_decimal(number);
    if (!value || !number.empty()) return std::nullopt;
    return value->whole(unit);
  }
  return std::nullopt;
}

bool ends_in_size_unit(std::string_view text) {
  return !text.empty() && std::string_view("MGT").find(text.back()) != std::string_view::npos;
}

}  // namespace

FileFormat parse_file_format(std::string_view text) {
  for (const FormatName& known : kFormats) {
    if (known.name == text) return known.format;
  }
  throw Error(ExitStatus::usage, in_quotes(text) + " is not known; write raw, wav, flac, opus, ogg or mp3");
}

std::optional<FileFormat> format_of_ending(std::string_view path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  for (const FormatName& known : kFormats) {
    if (same_ignoring_case(ending, "." + std::string(known.name))) return known.format;
  }
  if (same_ignoring_case(ending, ".oga")) return FileFormat::vorbis;
  return std::nullopt;
}

std::string ending_of(FileFormat format) {
  for (const FormatName& known : kFormats) {
    if (known.format == format) return "." + std::string(known.name);
  }
  return {};
}

recording::Split parse_split(std::string_view text) {
  if (ends_in_size_unit(text)) {
    const std::optional<std::uint64_t> bytes = parse_size(text);
    if (!bytes || *bytes < kSmallestFile_bytes) {
      throw Error(ExitStatus::usage, in_quotes(text) + " is not a size for files; write 1M or more, or 2G");
    }
    return {std::nullopt, bytes};
  }
  const std::chrono::nanoseconds length = parse_duration(text);
  if (length < std::chrono::seconds(1)) {
    throw Error(ExitStatus::usage, in_quotes(text) + " is too short for files; write 1s or more, such as 1h");
  }
  return {length, std::nullopt};
}

recording::Keep parse_keep(std::string_view text) {
  if (ends_in_size_unit(text)) {
    const std::optional<std::uint64_t> bytes = parse_size(text);
    if (!bytes || *bytes == 0)
      throw Error(ExitStatus::usage, in_quotes(text) + " is not a size; write 500M, 200G or 2T");
    return {std::nullopt, bytes};
  }
  if (!text.empty() && text.back() == 'd') {
    std::string_view number = text.substr(0, text.size() - 1);
    const std::optional<Decimal> days = take_decimal(number);
    constexpr std::uint64_t kDay_s = 86'400;
    constexpr std::uint64_t kMost_s = 100 * 365 * kDay_s;
    const std::optional<std::uint64_t> seconds = days && number.empty() ? days->whole(kDay_s) : std::nullopt;
    if (seconds && *seconds > 0 && *seconds <= kMost_s)
      return {std::chrono::seconds(static_cast<std::int64_t>(*seconds)), std::nullopt};
    throw Error(ExitStatus::usage, in_quotes(text) + " is not a number of days; write 30d");
  }
  // Half a minute is not what whoever writes 30 means, and what is deleted is gone.
  const bool has_unit = text.find_first_not_of("0123456789.") != std::string_view::npos;
  const std::chrono::nanoseconds age = parse_duration(text);
  if (!has_unit && age.count() > 0)
    throw Error(ExitStatus::usage, in_quotes(text) + " has no unit; write 30d, 12h or 200G");
  if (age.count() == 0) throw Error(ExitStatus::usage, in_quotes(text) + " would keep nothing");
  return {age, std::nullopt};
}

}  // namespace fmrx::cli
