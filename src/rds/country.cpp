// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/country.hpp"

#include <algorithm>
#include <array>

namespace fmrx::rds {
namespace {

struct Row {
  std::uint8_t extended_country_code;
  std::array<std::string_view, 15> countries;  ///< for country codes 1 to F
};

// IEC 62106 Annex D, tables D.1 and D.2.
// clang-format off
constexpr std::array kRows{
    Row{0xA0, {"us", "us", "us", "us", "us", "us", "us", "us", "us", "us", "us", "", "us", "us", ""}},
    Row{0xA1, {"", "", "", "", "", "", "", "", "", "", "ca", "ca", "ca", "ca", "gl"}},
    Row{0xA2, {"ai", "ag", "ec", "fk", "bb", "bz", "ky", "cr", "cu", "ar", "br", "bm", "an", "gp", "bs"}},
    Row{0xA3, {"bo", "co", "jm", "mq", "gf", "py", "ni", "", "pa", "dm", "do", "cl", "gd", "tc", "gy"}},
    Row{0xA4, {"gt", "hn", "aw", "", "ms", "tt", "pe", "sr", "uy", "kn", "lc", "sv", "ht", "ve", ""}},
    Row{0xA5, {"", "", "", "", "", "", "", "", "", "", "mx", "vc", "mx", "mx", "mx"}},
    Row{0xA6, {"", "", "", "", "", "", "", "", "", "", "", "", "", "", "pm"}},
    Row{0xD0, {"cm", "cf", "dj", "mg", "ml", "ao", "gq", "ga", "gn", "za", "bf", "cg", "tg", "bj", "mw"}},
    Row{0xD1, {"na", "lr", "gh", "mr", "st", "cv", "sn", "gm", "bi", "", "bw", "km", "tz", "et", "ng"}},
    Row{0xD2, {"sl", "zw", "mz", "ug", "sz", "ke", "so", "ne", "td", "gw", "cd", "ci", "tz", "zm", ""}},
    Row{0xD3, {"", "", "eh", "", "rw", "ls", "", "sc", "", "mu", "", "sd", "", "", ""}},
    Row{0xE0, {"de", "dz", "ad", "il", "it", "be", "ru", "ps", "al", "at", "hu", "mt", "de", "", "eg"}},
    Row{0xE1, {"gr", "cy", "sm", "ch", "jo", "fi", "lu", "bg", "dk", "gi", "iq", "gb", "ly", "ro", "fr"}},
    Row{0xE2, {"ma", "cz", "pl", "va", "sk", "sy", "tn", "", "li", "is", "mc", "lt", "rs", "es", "no"}},
    Row{0xE3, {"me", "ie", "tr", "mk", "", "", "", "nl", "lv", "lb", "az", "hr", "kz", "se", "by"}},
    Row{0xE4, {"md", "ee", "kg", "", "", "ua", "xk", "pt", "si", "am", "", "ge", "", "", "ba"}},
    Row{0xF0, {"au", "au", "au", "au", "au", "au", "au", "au", "sa", "af", "mm", "cn", "kp", "bh", "my"}},
    Row{0xF1, {"ki", "bt", "bd", "pk", "fj", "om", "nr", "ir", "nz", "sb", "bn", "lk", "tw", "kr", "hk"}},
    Row{0xF2, {"kw", "qa", "kh", "ws", "in", "mo", "vn", "ph", "jp", "sg", "mv", "id", "ae", "np", "vu"}},
    Row{0xF3, {"la", "th", "to", "", "", "", "", "", "pg", "", "ye", "", "", "fm", "mn"}},
};
// clang-format on

}  // namespace

std::string_view country_code(std::uint16_t pi, std::uint8_t extended_country_code) {
  const unsigned code = pi >> 12;
  if (code == 0) return {};
  const auto* const row = std::ranges::find(kRows, extended_country_code, &Row::extended_country_code);
  return row == kRows.end() ? std::string_view() : row->countries[code - 1];
}

bool is_rbds_country(std::string_view country_code) {
  return country_code == "us" || country_code == "ca" || country_code == "mx";
}

}  // namespace fmrx::rds
