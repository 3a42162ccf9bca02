// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/call_sign.hpp"

#include <algorithm>

namespace fmrx::rds {
namespace {

struct Entry {
  std::uint16_t pi;
  std::string_view letters;
};

// NRSC-4-B table D.7.2: the stations whose call sign has three letters, by PI.
// clang-format off
constexpr std::array kThreeLetters{
    Entry{0x9950, "KEX"},
    Entry{0x9951, "KFH"},
    Entry{0x9952, "KFI"},
    Entry{0x9953, "KGA"},
    Entry{0x9954, "KGO"},
    Entry{0x9955, "KGU"},
    Entry{0x9956, "KGW"},
    Entry{0x9957, "KGY"},
    Entry{0x9958, "KID"},
    Entry{0x9959, "KIT"},
    Entry{0x995A, "KJR"},
    Entry{0x995B, "KLO"},
    Entry{0x995C, "KLZ"},
    Entry{0x995D, "KMA"},
    Entry{0x995E, "KMJ"},
    Entry{0x995F, "KNX"},
    Entry{0x9960, "KOA"},
    Entry{0x9964, "KQV"},
    Entry{0x9965, "KSL"},
    Entry{0x9966, "KUJ"},
    Entry{0x9967, "KVI"},
    Entry{0x9968, "KWG"},
    Entry{0x996B, "KYW"},
    Entry{0x996D, "WBZ"},
    Entry{0x996E, "WDZ"},
    Entry{0x996F, "WEW"},
    Entry{0x9971, "WGL"},
    Entry{0x9972, "WGN"},
    Entry{0x9973, "WGR"},
    Entry{0x9975, "WHA"},
    Entry{0x9976, "WHB"},
    Entry{0x9977, "WHK"},
    Entry{0x9978, "WHO"},
    Entry{0x997A, "WIP"},
    Entry{0x997B, "WJR"},
    Entry{0x997C, "WKY"},
    Entry{0x997D, "WLS"},
    Entry{0x997E, "WLW"},
    Entry{0x9981, "WOC"},
    Entry{0x9983, "WOL"},
    Entry{0x9984, "WOR"},
    Entry{0x9988, "WWJ"},
    Entry{0x9989, "WWL"},
    Entry{0x9990, "KDB"},
    Entry{0x9991, "KGB"},
    Entry{0x9992, "KOY"},
    Entry{0x9993, "KPQ"},
    Entry{0x9994, "KSD"},
    Entry{0x9995, "KUT"},
    Entry{0x9996, "KXL"},
    Entry{0x9997, "KXO"},
    Entry{0x9999, "WBT"},
    Entry{0x999A, "WGH"},
    Entry{0x999B, "WGY"},
    Entry{0x999C, "WHP"},
    Entry{0x999D, "WIL"},
    Entry{0x999E, "WMC"},
    Entry{0x999F, "WMT"},
    Entry{0x99A0, "WOI"},
    Entry{0x99A1, "WOW"},
    Entry{0x99A2, "WRR"},
    Entry{0x99A3, "WSB"},
    Entry{0x99A4, "WSM"},
    Entry{0x99A5, "KBW"},
    Entry{0x99A6, "KCY"},
    Entry{0x99A7, "KDF"},
    Entry{0x99AA, "KHQ"},
    Entry{0x99AB, "KOB"},
    Entry{0x99B3, "WIS"},
    Entry{0x99B4, "WJW"},
    Entry{0x99B5, "WJZ"},
    Entry{0x99B9, "WRC"},
};
// clang-format on
static_assert(std::ranges::is_sorted(kThreeLetters, {}, &Entry::pi));

constexpr std::uint16_t kFirstK = 0x1000;
constexpr std::uint16_t kFirstW = 0x54A8;
constexpr std::uint16_t kLastW = 0x994F;

/// D.7.3: no PI of a single station may have 0 as its second nibble, or end in two zeros, since
/// receivers take that for coverage; so such PIs are sent in another place.
std::uint16_t without_exceptions(std::uint16_t pi) {
  if ((pi & 0xFFF0) == 0xAFA0) return static_cast<std::uint16_t>(pi << 12);  // AFAx -> x000
  if ((pi & 0xFF00) == 0xAF00) return static_cast<std::uint16_t>(pi << 8);   // AFxy -> xy00
  if ((pi & 0xF000) == 0xA000)                                               // Axyz -> x0yz
    return static_cast<std::uint16_t>((pi & 0x0F00) << 4 | (pi & 0x00FF));
  return pi;
}

CallSign from_letters(std::string_view letters) {
  CallSign sign;
  std::ranges::copy(letters, sign.letters.begin());
  sign.size = static_cast<std::uint8_t>(letters.size());
  return sign;
}

}  // namespace

std::optional<CallSign> call_sign(std::uint16_t received) {
  const std::uint16_t pi = without_exceptions(received);
  if (pi >= kFirstK && pi <= kLastW) {
    constexpr unsigned kLetters = 26;
    const bool west = pi < kFirstW;
    const unsigned number = pi - (west ? kFirstK : kFirstW);
    const auto letter = [](unsigned n) { return static_cast<char>('A' + n % kLetters); };
    const std::array letters{west ? 'K' : 'W', letter(number / kLetters / kLetters),
                             letter(number / kLetters), letter(number)};
    return from_letters({letters.data(), letters.size()});
  }
  const auto* const entry = std::ranges::lower_bound(kThreeLetters, pi, {}, &Entry::pi);
  if (entry == kThreeLetters.end() || entry->pi != pi) return std::nullopt;
  return from_letters(entry->letters);
}

}  // namespace fmrx::rds
