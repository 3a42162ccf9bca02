// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/station.hpp"

#include <array>

namespace fmrx::sim {

namespace {

constexpr Hertz kMain{92'700'000};
constexpr Hertz kDistant{105'600'000};
constexpr std::array kOfMain{kDistant};
constexpr std::array kOfDistant{kMain};

constexpr std::string_view kPreludeText = "J. S. Bach: Prelude in C major, BWV 846 - simulated by fmrx";

constexpr std::array kBand{
    Station{Hertz(88'000'000), Decibels(-14), true, &piece::test_card,
            RdsIdentity{0xF101, 0, false, "TESTCARD",
                        "Tones of 2 s: 1k LR, 1k L, 1k R, 400 L 1k R, 5k, 10k, 60 Hz LR"}},
    Station{Hertz(89'300'000), Decibels(-24), true, &piece::frere_jacques,
            RdsIdentity{0xF102, 20, false, "MUSICBOX", "Frere Jacques, a round for three music boxes"}},
    Station{Hertz(90'600'000), Decibels(-50), true, &piece::greensleeves,
            RdsIdentity{0xF103, 25, false, "FOLK", "Greensleeves, for two guitars"}},
    Station{Hertz(91'800'000), Decibels(-28), true, &piece::minuet_in_g,
            RdsIdentity{0xF104, 14, true, "BAROQUE", "C. Petzold: Minuet in G, for harpsichord"}},
    Station{kMain, Decibels(-12), true, &piece::prelude_in_c,
            RdsIdentity{0xF105, 14, false, "FMRX 927", kPreludeText, kOfMain}},
    Station{Hertz(93'500'000), Decibels(-34), false, &piece::au_clair_de_la_lune,
            RdsIdentity{0xF106, 18, false, "MONO", "Au clair de la lune, for a flute alone"}},
    Station{Hertz(95'200'000), Decibels(-70), true, &piece::ode_to_joy,
            RdsIdentity{0xF107, 14, false, "FAINT", "L. van Beethoven: Ode to Joy, near the threshold"}},
    Station{
        Hertz(97'100'000), Decibels(-42), true, &piece::lullaby,
        RdsIdentity{0xF108, 14, false, "LULLABY", "J. Brahms: Lullaby, beside a neighbour 20 dB stronger"}},
    Station{
        Hertz(97'300'000), Decibels(-22), true, &piece::canon_in_d,
        RdsIdentity{0xF109, 14, false, "CANON", "J. Pachelbel: Canon in D, for three violins and a cello"}},
    Station{Hertz(99'900'000), Decibels(-18), true, &piece::ode_to_joy, std::nullopt},
    Station{Hertz(102'400'000), Decibels(-40), false, &piece::amazing_grace, std::nullopt},
    Station{kDistant, Decibels(-62), true, &piece::prelude_in_c,
            RdsIdentity{0xF105, 14, false, "FMRX 927", kPreludeText, kOfDistant}},
    Station{Hertz(107'700'000), Decibels(-76), false, &piece::greensleeves, std::nullopt},
};

}  // namespace

std::span<const Station> fm_band() {
  return kBand;
}

}  // namespace fmrx::sim
