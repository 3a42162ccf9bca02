// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/printable.hpp"

#include <string>

#include "support/catch2.hpp"

using fmrx::printable;

TEST_CASE("printable text stays as it is") {
  CHECK(printable("") == "");
  CHECK(printable("plain ~ text") == "plain ~ text");
  CHECK(printable("Ä € \U0001F4FB") == "Ä € \U0001F4FB");
}

TEST_CASE("what would steer a terminal is shown as bytes") {
  CHECK(printable("a\nb\tc\r") == "a\\x0ab\\x09c\\x0d");
  CHECK(printable("\033[2J") == "\\x1b[2J");
  CHECK(printable("\x7F") == "\\x7f");
  CHECK(printable(std::string("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\u009B") == "\\xc2\\x9b");       // C1: CSI in one character
  CHECK(printable("\u202E") == "\\xe2\\x80\\xae");  // right-to-left override
  CHECK(printable("\u2028") == "\\xe2\\x80\\xa8");  // line separator
}

TEST_CASE("bytes that are no UTF-8 are shown as bytes") {
  CHECK(printable("\xFF") == "\\xff");
  CHECK(printable("\x9B") == "\\x9b");           // alone: CSI on a Latin-1 terminal
  CHECK(printable("\xC3") == "\\xc3");           // cut short
  CHECK(printable("\xC3(") == "\\xc3(");         // not continued
  CHECK(printable("\xC0\x8A") == "\\xc0\\x8a");  // an overlong newline
  CHECK(printable("\xE0\x80\x8A") == "\\xe0\\x80\\x8a");
  CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");           // half a surrogate pair
  CHECK(printable("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
}
