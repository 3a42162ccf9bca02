// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/utf8.hpp"

#include <cstdint>
#include <span>

namespace fmrx::report {

namespace {

constexpr char32_t kUnreadable = 0xFFFD;

using Bytes = std::span<const std::uint8_t>;

bool is_bidirectional(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

void append(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

void append_clean(std::string& out, char32_t c) {
  constexpr char32_t kSoftHyphen = 0x1F;
  constexpr char32_t kByteOrderMark = 0xFEFF;
  const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
  if (c == kSoftHyphen || c == kByteOrderMark || is_bidirectional(c)) return;
  if (is_control(c)) c = ' ';
  append(out, surrogate || c > 0x10FFFF ? kUnreadable : c);
}

std::string from_rds(const rds::Text& text) {
  constexpr std::uint8_t kSoftHyphen = 0x1F;
  std::string out;
  rds::CharacterSet set = text.set;
  for (std::size_t at = 0; at < text.size; ++at) {
    if (at % 2 == 0 && at + 1 < text.size) {
      const auto pair = static_cast<std::uint16_t>(text.bytes[at] << 8 | text.bytes[at + 1]);
      if (const auto selected = rds::selected_character_set(pair)) {
        set = *selected;
        ++at;
        continue;
      }
    }
    if (text.bytes[at] != kSoftHyphen) append_clean(out, rds::to_unicode(text.bytes[at], set));
  }
  return out;
}

std::string from_ucs2(Bytes bytes) {
  std::string out;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2)
    append_clean(out, static_cast<char32_t>(bytes[at] << 8 | bytes[at + 1]));
  return out;
}

struct CodePoint {
  char32_t value = kUnreadable;
  std::size_t size = 1;
};

/// The first character; a byte that begins none is one that cannot be read.
CodePoint first_of(Bytes bytes) {
  const std::uint8_t lead = bytes[0];
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < size) return {};
  char32_t value = lead & (0xFFU >> (size + 1));
  for (const std::uint8_t next : bytes.subspan(1, size - 1)) {
    if ((next & 0xC0U) != 0x80) return {};
    value = value << 6 | (next & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  return overlong ? CodePoint{} : CodePoint{value, size};
}

std::string from_utf8(Bytes bytes) {
  std::string out;
  while (!bytes.empty()) {
    const CodePoint c = first_of(bytes);
    append_clean(out, c.value);
    bytes = bytes.subspan(c.size);
  }
  return out;
}

}  // namespace

std::string utf8_of(const rds::Text& text) {
  switch (text.encoding) {
    case rds::Encoding::rds:
      return from_rds(text);
    case rds::Encoding::utf8:
      return from_utf8(text.view());
    case rds::Encoding::ucs2:
      return from_ucs2(text.view());
  }
  return {};
}

std::string trimmed_utf8_of(const rds::Text& text) {
  std::string out = utf8_of(text);
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

}  // namespace fmrx::report
