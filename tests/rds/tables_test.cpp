// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <string>

#include "rds/alternative_frequencies.hpp"
#include "rds/call_sign.hpp"
#include "rds/character_set.hpp"
#include "rds/clock_time.hpp"
#include "rds/country.hpp"
#include "rds/language.hpp"
#include "rds/programme_type.hpp"
#include "rds/radiotext_plus.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::rds;

TEST_CASE("the three character tables agree below 0x80 and are ASCII but for five codes") {
  for (unsigned code = 0x20; code < 0x80; ++code) {
    const auto byte = static_cast<std::uint8_t>(code);
    const char16_t c = to_unicode(byte, CharacterSet::g0);
    CHECK(to_unicode(byte, CharacterSet::g1) == c);
    CHECK(to_unicode(byte, CharacterSet::g2) == c);
    const bool differs = code == 0x24 || code == 0x5E || code == 0x60 || code == 0x7E || code == 0x7F;
    CHECK((c == code) == !differs);
  }
}

TEST_CASE("letters of each character table stand where Annex E has them") {
  CHECK(to_unicode(0x99, CharacterSet::g0) == u'ü');
  CHECK(to_unicode(0xAB, CharacterSet::g0) == u'$');
  CHECK(to_unicode(0xA9, CharacterSet::g0) == u'€');
  CHECK(to_unicode(0xFE, CharacterSet::g0) == u'ŧ');
  CHECK(to_unicode(0xC1, CharacterSet::g1) == u'Я');
  CHECK(to_unicode(0xE1, CharacterSet::g1) == u'α');
  CHECK(to_unicode(0xA0, CharacterSet::g2) == u'א');
  CHECK(to_unicode(0xB7, CharacterSet::g2) == u'ק');
  CHECK(to_unicode(0x80, CharacterSet::g2) == u'ب');
}

TEST_CASE("no code becomes a control, surrogate or bidirectional character") {
  for (const CharacterSet set : {CharacterSet::g0, CharacterSet::g1, CharacterSet::g2}) {
    for (unsigned code = 0; code < 256; ++code) {
      const char16_t c = to_unicode(static_cast<std::uint8_t>(code), set);
      CHECK(c >= 0x20);
      CHECK_FALSE((c >= 0x7F && c < 0xA0));
      CHECK_FALSE((c >= 0x200E && c <= 0x200F));
      CHECK_FALSE((c >= 0x202A && c <= 0x202E));
      CHECK_FALSE((c >= 0xD800 && c <= 0xDFFF));
    }
  }
}

TEST_CASE("pairs of control codes select a character table") {
  CHECK(selected_character_set(0x0F0F) == CharacterSet::g0);
  CHECK(selected_character_set(0x0E0E) == CharacterSet::g1);
  CHECK(selected_character_set(0x1B6E) == CharacterSet::g2);
  CHECK_FALSE(selected_character_set(0x4142));
}

TEST_CASE("programme types are named as in Annex F of either standard") {
  CHECK(programme_type_name(10, System::rds) == "Pop music");
  CHECK(programme_type_name(31, System::rds) == "Alarm");
  CHECK(programme_type_name(10, System::rbds) == "Country");
  CHECK(programme_type_name(23, System::rbds) == "College");
  CHECK(programme_type_name(27, System::rbds).empty());
  CHECK(programme_type_name(32, System::rds).empty());
}

TEST_CASE("PI and extended country code name a country, and RBDS countries are known") {
  CHECK(country_code(0xD311, 0xE0) == "de");
  CHECK(country_code(0x8201, 0xE3) == "nl");
  CHECK(country_code(0xC202, 0xE1) == "gb");
  CHECK(country_code(0x4569, 0xA0) == "us");
  CHECK(country_code(0x0123, 0xE0).empty());
  CHECK(country_code(0xD311, 0x00).empty());
  CHECK(is_rbds_country("ca"));
  CHECK_FALSE(is_rbds_country("de"));
}

TEST_CASE("languages are those of Annex J") {
  CHECK(language_name(0x08) == "German");
  CHECK(language_name(0x20) == "Polish");
  CHECK(language_name(0x7F) == "Amharic");
  CHECK(language_name(0x80).empty());
}

TEST_CASE("North American call signs follow from the PI") {
  // NRSC-4-B D.7: four letters, base 26, K from 1000, W from 54A8 (hexadecimal).
  CHECK(call_sign(0x1000)->view() == "KAAA");
  CHECK(call_sign(0x54A7)->view() == "KZZZ");
  CHECK(call_sign(0x54A8)->view() == "WAAA");
  CHECK(call_sign(0x994F)->view() == "WZZZ");
  // 93XRT Chicago is WXRT.
  const unsigned wxrt = 0x54A8 + ('X' - 'A') * 676 + ('R' - 'A') * 26 + ('T' - 'A');
  CHECK(call_sign(static_cast<std::uint16_t>(wxrt))->view() == "WXRT");
  CHECK(wxrt == 0x9331);
  CHECK(call_sign(0x99B9)->view() == "WRC");
  CHECK(call_sign(0xA105)->view() == call_sign(0x1005)->view());
  CHECK(call_sign(0xAF21)->view() == call_sign(0x2100)->view());
  CHECK(call_sign(0xAFA3)->view() == call_sign(0x3000)->view());
  CHECK_FALSE(call_sign(0xC95C));
  CHECK_FALSE(call_sign(0x0FFF));
}

TEST_CASE("the clock is right over the whole range of 17 bits, whatever the offset") {
  const auto clock = [](std::uint32_t mjd, unsigned hour, unsigned minute, unsigned offset) {
    return clock_time(static_cast<std::uint16_t>(mjd >> 15), static_cast<std::uint16_t>(mjd << 1 | hour >> 4),
                      static_cast<std::uint16_t>(hour << 12 | minute << 6 | offset));
  };
  CHECK(local_time(*clock(0, 0, 0, 0)) == CivilTime{1858, 11, 17, 0, 0});
  CHECK(local_time(*clock(45'218, 12, 30, 0)) == CivilTime{1982, 9, 6, 12, 30});  // Annex G's example
  CHECK(local_time(*clock(61'041, 23, 59, 2)) == CivilTime{2026, 1, 2, 0, 59});
  CHECK(local_time(*clock(61'041, 0, 30, 0x20 | 9)) == CivilTime{2025, 12, 31, 20, 0});
  CHECK(local_time(*clock(88'069, 0, 0, 0)) == CivilTime{2100, 1, 1, 0, 0});
  CHECK(local_time(*clock(88'128, 0, 0, 0)) == CivilTime{2100, 3, 1, 0, 0});  // 2100 is no leap year
  CHECK(local_time(*clock(131'071, 23, 59, 31)) == CivilTime{2217, 9, 28, 15, 29});
  CHECK_FALSE(clock(61'041, 24, 0, 0));
  CHECK_FALSE(clock(61'041, 0, 60, 0));

  // Each day follows the day before it.
  CivilTime before = local_time(*clock(0, 12, 0, 0));
  for (std::uint32_t mjd = 1; mjd < 1U << 17; ++mjd) {
    const CivilTime day = local_time(*clock(mjd, 12, 0, 0));
    const bool next_day = day.year == before.year && day.month == before.month && day.day == before.day + 1;
    const bool next_month =
        day.day == 1 && (day.month == before.month + 1 ||
                         (day.month == 1 && day.year == before.year + 1 && before.month == 12));
    if (!next_day && !next_month)
      FAIL("after " << before.year << "-" << int{before.month} << "-" << int{before.day});
    before = day;
  }
}

TEST_CASE("codes of alternative frequencies are those of tables 11 to 13") {
  CHECK(af_frequency(1) == Hertz(87.6e6));
  CHECK(af_frequency(204) == Hertz(107.9e6));
  CHECK_FALSE(af_frequency(0));
  CHECK_FALSE(af_frequency(205));
  CHECK(af_frequency_lf_mf(1) == Hertz(153e3));
  CHECK(af_frequency_lf_mf(15) == Hertz(279e3));
  CHECK(af_frequency_lf_mf(16) == Hertz(531e3));
  CHECK(af_frequency_lf_mf(135) == Hertz(1602e3));
  CHECK_FALSE(af_frequency_lf_mf(136));
}

TEST_CASE("content types of RT+ have the names of Annex P") {
  CHECK(content_type_name(1) == "item.title");
  CHECK(content_type_name(4) == "item.artist");
  CHECK(content_type_name(63) == "get_data");
  CHECK(content_type_name(54).empty());
  CHECK(content_type_name(64).empty());
}
