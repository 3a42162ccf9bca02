// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/name_template.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/printable.hpp"

namespace fmrx::recording {

namespace {

constexpr std::size_t kLongestField = 64;
constexpr std::string_view kDefaultTime = "%Y-%m-%dT%H%M%S%z";
constexpr std::string_view kDefaultUtc = "%Y-%m-%dT%H%M%SZ";

[[noreturn]] void refuse(std::string_view pattern, const std::string& why) {
  throw Error(ExitStatus::usage, "'" + printable(pattern) + "' is not a pattern for names: " + why);
}

bool is_harmless(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-+").find(c) != std::string_view::npos;
}

std::string format_in_utc(UtcTime time, const std::string& pattern) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  const auto as_time = static_cast<std::time_t>(second);
  std::tm utc{};
  ::gmtime_r(&as_time, &utc);
  std::array<char, 512> text{};
  return {text.data(), std::strftime(text.data(), text.size(), pattern.c_str(), &utc)};
}

void check_folders(std::string_view pattern, std::string_view name) {
  if (name.empty()) refuse(pattern, "it is empty");
  for (;;) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (part.empty()) refuse(pattern, "it must name a file inside the folder");
    if (part == "." || part == "..") refuse(pattern, "it may not lead out of the folder");
    if (slash == std::string_view::npos) return;
    name.remove_prefix(slash + 1);
  }
}

}  // namespace

std::string clean_for_name(std::string_view text) {
  std::string clean;
  bool inside_character = false;  // one "_" for a character of UTF-8, however many bytes it has
  for (const char c : text.substr(0, 4 * kLongestField)) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (is_harmless(c)) {
      clean += c;
    } else if (!continues || !inside_character) {
      clean += '_';
    }
    inside_character = (static_cast<unsigned char>(c) & 0x80) != 0;
  }
  const auto strip = [&](std::string_view what) {
    clean.erase(0, std::min(clean.find_first_not_of(what), clean.size()));
    clean.erase(clean.find_last_not_of('_') + 1);
  };
  strip("._-");
  clean.resize(std::min(clean.size(), kLongestField));
  return clean.empty() ? "unknown" : clean;
}

NameTemplate::NameTemplate(std::string_view pattern) {
  static constexpr std::array kFields{
      std::pair(std::string_view("freq"), Field::freq), std::pair(std::string_view("ps"), Field::ps),
      std::pair(std::string_view("pi"), Field::pi),     std::pair(std::string_view("start"), Field::start),
      std::pair(std::string_view("utc"), Field::utc),   std::pair(std::string_view("number"), Field::number)};

  std::string outline;  // with fields as one letter each, to look at its folders
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t brace = std::min(pattern.find_first_of("{}", at), pattern.size());
    if (brace > at) pieces_.push_back({Field::literal, std::string(pattern.substr(at, brace - at))});
    outline += pattern.substr(at, brace - at);
    if (brace == pattern.size()) break;
    const std::size_t end = pattern.find('}', brace);
    if (pattern[brace] == '}' || end == std::string_view::npos) refuse(pattern, "a brace has no partner");

    const std::string_view inside = pattern.substr(brace + 1, end - brace - 1);
    const std::string_view name = inside.substr(0, inside.find(':'));
    const auto* const known =
        std::find_if(kFields.begin(), kFields.end(), [&](const auto& field) { return field.first == name; });
    if (known == kFields.end()) {
      refuse(pattern, "there is no field {" + printable(name) +
                          "}; write {freq}, {ps}, {pi}, {start}, {utc} or {number}");
    }
    const bool is_time = known->second == Field::start || known->second == Field::utc;
    std::string time_pattern;
    if (inside.size() > name.size()) {
      if (!is_time) refuse(pattern, "{" + std::string(name) + "} takes no format");
      time_pattern = inside.substr(name.size() + 1);
    }
    if (is_time && time_pattern.empty())
      time_pattern = known->second == Field::utc ? kDefaultUtc : kDefaultTime;
    pieces_.push_back({known->second, std::move(time_pattern)});
    outline += 'x';
    at = end + 1;
  }
  check_folders(pattern, outline);
}

NameTemplate NameTemplate::fixed(std::string literal) {
  NameTemplate name;
  name.pieces_.push_back({Field::literal, std::move(literal)});
  return name;
}

NameTemplate NameTemplate::dated(std::string before, std::string after) {
  NameTemplate name;
  name.pieces_.push_back({Field::literal, std::move(before)});
  name.pieces_.push_back({Field::start, std::string(kDefaultTime)});
  name.pieces_.push_back({Field::literal, std::move(after)});
  return name;
}

std::string NameTemplate::expand(const NameFields& fields) const {
  std::string name;
  for (const Piece& piece : pieces_) {
    switch (piece.field) {
      case Field::literal:
        name += piece.text;
        break;
      case Field::freq:
        name += clean_for_name(fields.freq);
        break;
      case Field::ps:
        name += clean_for_name(fields.ps);
        break;
      case Field::pi:
        name += clean_for_name(fields.pi);
        break;
      case Field::start:
        name += clean_for_name(format_local(fields.start, piece.text));
        break;
      case Field::utc:
        name += clean_for_name(format_in_utc(fields.start, piece.text));
        break;
      case Field::number: {
        constexpr std::size_t kDigits = 4;
        const std::string digits = std::to_string(fields.number);
        name += std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits;
        break;
      }
    }
  }
  return name;
}

bool NameTemplate::tells_time() const {
  return std::any_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) {
    return piece.field == Field::start || piece.field == Field::utc || piece.field == Field::number;
  });
}

}  // namespace fmrx::recording
