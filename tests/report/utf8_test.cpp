// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/utf8.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>

#include "support/catch2.hpp"

using namespace fmrx;
using report::trimmed_utf8_of;
using report::utf8_of;

namespace {

rds::Text text(std::string_view bytes, rds::Encoding encoding = rds::Encoding::rds) {
  rds::Text made;
  made.encoding = encoding;
  for (const char byte : bytes) made.push(static_cast<std::uint8_t>(byte));
  return made;
}

std::string from_utf8(std::string_view bytes) {
  return utf8_of(text(bytes, rds::Encoding::utf8));
}

std::string from_ucs2(std::u16string_view units) {
  std::string bytes;
  for (const char16_t unit : units) {
    bytes += static_cast<char>(unit >> 8);
    bytes += static_cast<char>(unit & 0xFF);
  }
  return utf8_of(text(bytes, rds::Encoding::ucs2));
}

constexpr const char* kUnreadable = "\xEF\xBF\xBD";

}  // namespace

TEST_CASE("a station's characters are those of its table") {
  // Annex E: 0x91 is a with diaeresis, 0x24 the currency sign, 0x80 a with acute.
  CHECK(utf8_of(text("\x91")) == "ä");
  CHECK(utf8_of(text("\x80")) == "á");
  CHECK(utf8_of(text("BAYERN 1")) == "BAYERN 1");
}

TEST_CASE("control characters become blanks, in every encoding") {
  for (char c = 1; c < 0x20; ++c) {
    if (c == 0x1F || c == 0x0E || c == 0x0F || c == 0x1B)
      continue;  // soft hyphen; tables are chosen by the others
    INFO("character " << int{c});
    const std::string hostile = std::string("a") + c + "b";
    CHECK(utf8_of(text(hostile)) == "a b");
    CHECK(from_utf8(hostile) == "a b");
  }
  CHECK(from_utf8("a\x1B[2Jb") == "a [2Jb");
  CHECK(from_utf8("a\x7F"
                  "b") == "a b");
  CHECK(from_utf8("a\xC2\x9B"
                  "2Jb") == "a 2Jb");  // C1: a control sequence without the escape
  CHECK(from_utf8("a\xE2\x80\xA8"
                  "b") == "a b");  // line separator
  CHECK(from_ucs2(u"a\x009B\x2029"
                  "b") == "a  b");
  CHECK(from_utf8(std::string_view("a\0b", 3)) == "a b");
}

TEST_CASE("characters that turn the direction of a line are left out") {
  for (const char16_t c :
       {u'\x061C', u'\x200E', u'\x200F', u'\x202A', u'\x202E', u'\x2066', u'\x2067', u'\x2069'}) {
    INFO("U+" << std::hex << static_cast<unsigned>(c));
    CHECK(from_ucs2(std::u16string{u'a', c, u'b'}) == "ab");
  }
  CHECK(from_utf8("a\xE2\x80\xAE"
                  "b") == "ab");
}

TEST_CASE("UTF-8 that is none is said to be unreadable, byte by byte") {
  struct Case {
    std::string_view bytes;
    int unreadable;
  };
  for (const Case& c :
       {Case{"\x80", 1}, Case{"\xC0\xAF", 2}, Case{"\xE0\x80\x80", 3}, Case{"\xF4\x90\x80\x80", 1},
        Case{"\xF8\x88\x80\x80\x80", 5}, Case{"\xC3", 1}, Case{"\xE2\x82", 2}, Case{"\xED\xA0\x80", 1}}) {
    INFO("length " << c.bytes.size() << ", first byte " << static_cast<int>(c.bytes[0] & 0xFF));
    std::string expected;
    for (int i = 0; i < c.unreadable; ++i) expected += kUnreadable;
    CHECK(from_utf8(c.bytes) == expected);
  }
  CHECK(from_utf8("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8E\xB5") == "ä€🎵");
}

TEST_CASE("half a pair of surrogates is unreadable") {
  CHECK(from_ucs2(std::u16string{u'a', static_cast<char16_t>(0xD83C), u'b'}) ==
        std::string("a") + kUnreadable + "b");
}

TEST_CASE("blanks at the end go where a text is shown, not where its place matters") {
  CHECK(utf8_of(text("R1      ")) == "R1      ");
  CHECK(trimmed_utf8_of(text("R1      ")) == "R1");
  CHECK(trimmed_utf8_of(text("        ")).empty());
}

TEST_CASE("any bytes in any encoding give valid UTF-8 without control characters") {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255);
  for (const auto encoding : {rds::Encoding::rds, rds::Encoding::utf8, rds::Encoding::ucs2}) {
    for (int i = 0; i < 20'000; ++i) {
      rds::Text hostile;
      hostile.encoding = encoding;
      const int size = byte(random) % 65;
      for (int at = 0; at < size; ++at) hostile.push(static_cast<std::uint8_t>(byte(random)));
      const std::string shown = utf8_of(hostile);
      // The library refuses to write what is no UTF-8.
      const std::string written =
          nlohmann::json(shown).dump(-1, ' ', false, nlohmann::json::error_handler_t::strict);
      const bool has_control = std::any_of(shown.begin(), shown.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
      });
      if (has_control || written.empty()) FAIL("bytes " << i);
    }
  }
}
