// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/pieces.hpp"

// Melodies in the public domain, arranged for the synthesiser. Gains are such
// that no piece exceeds its station's share of the deviation after pre-emphasis
// (tests/sim/multiplex_test.cpp).

namespace fmrx::sim {

namespace {

constexpr std::array<float, Timbre::kPartials> kHarmonic{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

}  // namespace

namespace timbre {

constexpr Timbre harp{
    .amplitude = {1, 0.55F, 0.3F, 0.2F, 0.11F, 0.07F, 0.05F, 0.035F, 0.025F, 0.018F, 0.012F, 0.008F},
    .ratio = kHarmonic,
    .attack_s = 0.008F,
    .release_s = 0.25F,
    .ring_s = 1.6F,
    .decay_s = 0.7F,
    .damping = 0.5F};

constexpr Timbre harpsichord{
    .amplitude = {0.7F, 0.7F, 0.6F, 0.5F, 0.4F, 0.32F, 0.25F, 0.18F, 0.13F, 0.09F, 0.06F, 0.04F},
    .ratio = kHarmonic,
    .attack_s = 0.004F,
    .release_s = 0.08F,
    .decay_s = 0.6F,
    .damping = 0.15F};

constexpr Timbre guitar{
    .amplitude = {1, 0.8F, 0.45F, 0.15F, 0.12F, 0.12F, 0.08F, 0.03F, 0.03F, 0.03F, 0.02F, 0.01F},
    .ratio = kHarmonic,
    .attack_s = 0.006F,
    .release_s = 0.2F,
    .ring_s = 1.2F,
    .decay_s = 0.5F,
    .damping = 0.35F};

/// Struck metal bars: the partials of a free bar lie far apart.
constexpr Timbre celesta{.amplitude = {1, 0.25F, 0.12F, 0.04F},
                         .ratio = {1, 2, 4, 6.27F},
                         .attack_s = 0.006F,
                         .release_s = 0.3F,
                         .ring_s = 1.4F,
                         .decay_s = 0.6F,
                         .damping = 1.2F};

constexpr Timbre strings{
    .amplitude = {1, 0.6F, 0.45F, 0.3F, 0.22F, 0.16F, 0.11F, 0.08F, 0.05F, 0.035F, 0.02F, 0.012F},
    .ratio = {1, 2.001F, 2.999F, 4.003F, 4.998F, 6.004F, 6.996F, 8.005F, 8.995F, 10.006F, 10.994F, 12.007F},
    .attack_s = 0.12F,
    .release_s = 0.25F};

constexpr Timbre organ{.amplitude = {1, 0.7F, 0.25F, 0.4F, 0.05F, 0.15F, 0.02F, 0.2F},
                       .ratio = kHarmonic,
                       .attack_s = 0.03F,
                       .release_s = 0.08F};

constexpr Timbre flute{.amplitude = {1, 0.3F, 0.12F, 0.04F, 0.015F, 0.006F},
                       .ratio = kHarmonic,
                       .attack_s = 0.05F,
                       .release_s = 0.08F};

/// Attack and release of equal length: one tone gives way to the next without a
/// peak.
constexpr Timbre sine{.amplitude = {1}, .ratio = {1}, .attack_s = 0.02F, .release_s = 0.02F};

}  // namespace timbre

namespace {

// J. S. Bach, Prelude in C major, BWV 846, bars 1 to 19. As he wrote it, each
// half bar is one chord of five notes, the upper three struck twice.
constexpr std::array<std::uint8_t, 8> kBachOrder{0, 1, 2, 3, 4, 2, 3, 4};
constexpr std::array kPreludeInC{
    Part{&timbre::harp, 0.245F, -0.25F, 0.45F,
         "c4+e4+g4+c5+e5:16 c4+d4+a4+d5+f5:16 b3+d4+g4+d5+f5:16 c4+e4+g4+c5+e5:16 c4+e4+a4+e5+a5:16 "
         "c4+d4+f#4+a4+d5:16 b3+d4+g4+d5+g5:16 b3+c4+e4+g4+c5:16 a3+c4+e4+g4+c5:16 d3+a3+d4+f#4+c5:16 "
         "g3+b3+d4+g4+b4:16 g3+bb3+e4+g4+c#5:16 f3+a3+d4+a4+d5:16 f3+ab3+d4+f4+b4:16 e3+g3+c4+g4+c5:16 "
         "e3+f3+a3+c4+f4:16 d3+f3+a3+c4+f4:16 g2+d3+g3+b3+f4:16 c3+e3+g3+c4+e4:16",
         kBachOrder},
};

// L. van Beethoven, Ode to Joy, from the ninth symphony.
constexpr std::array kOdeToJoy{
    Part{&timbre::organ, 0.25F, 0.4F, 0,
         "e4:2 e4:2 f4:2 g4:2 g4:2 f4:2 e4:2 d4:2 c4:2 c4:2 d4:2 e4:2 e4:3 d4 d4:4 "
         "e4:2 e4:2 f4:2 g4:2 g4:2 f4:2 e4:2 d4:2 c4:2 c4:2 d4:2 e4:2 d4:3 c4 c4:4 "
         "d4:2 d4:2 e4:2 c4:2 d4:2 e4 f4 e4:2 c4:2 d4:2 e4 f4 e4:2 d4:2 c4:2 d4:2 g3:4 "
         "e4:2 e4:2 f4:2 g4:2 g4:2 f4:2 e4:2 d4:2 c4:2 c4:2 d4:2 e4:2 d4:3 c4 c4:4"},
    Part{&timbre::organ, 0.097F, -0.3F, 0.4F,
         "c3+e3+g3:8 b2+d3+g3:8 a2+e3+a3:8 c3+e3+g3:4 b2+d3+g3:4 "
         "c3+e3+g3:8 b2+d3+g3:8 a2+e3+a3:8 b2+f3+g3:4 c3+e3+g3:4 "
         "b2+d3+g3:8 c3+e3+g3:8 b2+d3+g#3:8 a2+d3+f#3:4 b2+d3+g3:4 "
         "c3+e3+g3:8 b2+d3+g3:8 a2+e3+a3:8 b2+f3+g3:4 c3+e3+g3:4"},
};

// C. Petzold, Minuet in G, from the notebook for Anna Magdalena Bach.
constexpr std::array kMinuetInG{
    Part{&timbre::harpsichord, 0.14F, 0.5F, 0,
         "d5:2 g4 a4 b4 c5 d5:2 g4:2 g4:2 e5:2 c5 d5 e5 f#5 g5:2 g4:2 g4:2 "
         "c5:2 d5 c5 b4 a4 b4:2 c5 b4 a4 g4 f#4:2 g4 a4 b4 g4 a4:6 "
         "d5:2 g4 a4 b4 c5 d5:2 g4:2 g4:2 e5:2 c5 d5 e5 f#5 g5:2 g4:2 g4:2 "
         "c5:2 d5 c5 b4 a4 b4:2 c5 b4 a4 g4 a4:2 b4 a4 g4 f#4 g4:6"},
    Part{&timbre::harpsichord, 0.125F, -0.5F, 0,
         "g3+b3+d4:4 a3:2 b3:6 c4:6 b3:6 a3:6 g3:6 d4:2 b3:2 g3:2 d4:2 d3 c4 b3 a3 "
         "b3:4 a3:2 g3:2 b3:2 g3:2 c4:6 b3:2 c4 b3 a3 g3 a3:4 f#3:2 g3:4 b3:2 c4:2 d4:2 d3:2 g3:4 g2:2"},
};

// J. Pachelbel, Canon in D: three violins play the same, a phrase apart.
#define FMRX_CANON_1 "f#5:4 e5:4 d5:4 c#5:4 b4:4 a4:4 b4:4 c#5:4 "
#define FMRX_CANON_2 "d5:4 c#5:4 b4:4 a4:4 g4:4 f#4:4 g4:4 e4:4 "
#define FMRX_CANON_3 "d5:2 f#5:2 a5:2 g5:2 f#5:2 d5:2 f#5:2 e5:2 d5:2 b4:2 d5:2 a4:2 g4:2 b4:2 a4:2 g4:2 "
constexpr std::array kCanonInD{
    Part{&timbre::strings, 0.125F, -0.7F, 0, FMRX_CANON_1 FMRX_CANON_2 FMRX_CANON_3},
    Part{&timbre::strings, 0.125F, 0.1F, 0, FMRX_CANON_3 FMRX_CANON_1 FMRX_CANON_2},
    Part{&timbre::strings, 0.125F, 0.7F, 0, FMRX_CANON_2 FMRX_CANON_3 FMRX_CANON_1},
    Part{&timbre::strings, 0.145F, -0.2F, 0, "d3:4 a2:4 b2:4 f#2:4 g2:4 d2:4 g2:4 a2:4"},
};
#undef FMRX_CANON_1
#undef FMRX_CANON_2
#undef FMRX_CANON_3

// Frère Jacques, as a round.
constexpr std::array kFrereJacques{
    Part{&timbre::celesta, 0.24F, -0.8F, 0,
         "c5:2 d5:2 e5:2 c5:2 c5:2 d5:2 e5:2 c5:2 e5:2 f5:2 g5:4 e5:2 f5:2 g5:4 "
         "g5 a5 g5 f5 e5:2 c5:2 g5 a5 g5 f5 e5:2 c5:2 c5:2 g4:2 c5:4 c5:2 g4:2 c5:4"},
    Part{&timbre::celesta, 0.185F, 0.8F, 0,
         "c6:2 g5:2 c6:4 c6:2 g5:2 c6:4 c6:2 d6:2 e6:2 c6:2 c6:2 d6:2 e6:2 c6:2 "
         "e6:2 f6:2 g6:4 e6:2 f6:2 g6:4 g6 a6 g6 f6 e6:2 c6:2 g6 a6 g6 f6 e6:2 c6:2"},
    Part{&timbre::celesta, 0.275F, 0, 0,
         "g4 a4 g4 f4 e4:2 c4:2 g4 a4 g4 f4 e4:2 c4:2 c4:2 g3:2 c4:4 c4:2 g3:2 c4:4 "
         "c4:2 d4:2 e4:2 c4:2 c4:2 d4:2 e4:2 c4:2 e4:2 f4:2 g4:4 e4:2 f4:2 g4:4"},
};

// Greensleeves. The chords are plucked on the quavers only: 9 is no note.
constexpr std::array<std::uint8_t, 6> kQuavers{0, 9, 1, 9, 2, 9};
constexpr std::array kGreensleeves{
    Part{&timbre::guitar, 0.255F, 0.5F, 0,
         "a4:2 c5:4 d5:2 e5:3 f#5 e5:2 d5:4 b4:2 g4:3 a4 b4:2 c5:4 a4:2 a4:3 g#4 a4:2 b4:4 g#4:2 e4:4 a4:2 "
         "c5:4 d5:2 e5:3 f#5 e5:2 d5:4 b4:2 g4:3 a4 b4:2 c5:3 b4 a4:2 g#4:3 f#4 g#4:2 a4:12 "
         "g5:6 g5:3 f#5 e5:2 d5:4 b4:2 g4:3 a4 b4:2 c5:4 a4:2 a4:3 g#4 a4:2 b4:4 g#4:2 e4:6 "
         "g5:6 g5:3 f#5 e5:2 d5:4 b4:2 g4:3 a4 b4:2 c5:3 b4 a4:2 g#4:3 f#4 g#4:2 a4:10"},
    Part{
        &timbre::guitar, 0.16F, -0.5F, 0.3F,
        "-:2 a2+e3+c4:12 g2+d3+b3:12 a2+e3+c4:12 e2+b2+g#3:12 a2+e3+c4:12 g2+d3+b3:12 a2+e3+c4:6 e2+b2+g#3:6 "
        "a2+e3+c4:12 c3+g3+e4:12 g2+d3+b3:12 a2+e3+c4:12 e2+b2+g#3:12 c3+g3+e4:12 g2+d3+b3:12 a2+e3+c4:6 "
        "e2+b2+g#3:6 a2+e3+c4:10",
        kQuavers},
};

// J. Brahms, Lullaby, op. 49 no. 4.
constexpr std::array<std::uint8_t, 6> kWaltz{0, 9, 1, 9, 2, 9};
constexpr std::array kLullaby{
    Part{
        &timbre::celesta, 0.42F, 0.35F, 0,
        "e5 e5 g5:4 e5 e5 g5:4 e5 g5 c6:2 b5:3 a5 a5:2 g5:2 d5 e5 f5:2 d5:2 d5 e5 f5:4 d5 f5 b5 a5 g5:2 b5:2 "
        "c6:4 c5 c5 c6:4 a5 f5 g5:4 e5 c5 f5:2 g5:2 a5:2 g5:4 c5 c5 c6:4 a5 f5 g5:4 e5 c5 f5:3 e5 d5:2 c5:4"},
    Part{&timbre::harp, 0.23F, -0.5F, 0.2F,
         "-:2 c3+g3+e4:6 c3+g3+e4:6 c3+g3+e4:6 c3+g3+e4:6 g2+f3+b3:6 g2+f3+b3:6 g2+f3+b3:6 c3+g3+e4:6 "
         "f2+a3+c4:6 c3+g3+e4:6 g2+f3+b3:6 c3+g3+e4:6 f2+a3+c4:6 c3+g3+e4:6 g2+f3+b3:6 c3+g3+e4:4",
         kWaltz},
};

// Au clair de la lune.
constexpr std::array kAuClairDeLaLune{
    Part{&timbre::flute, 0.83F, 0, 0,
         "c5 c5 c5 d5 e5:2 d5:2 c5 e5 d5 d5 c5:4 c5 c5 c5 d5 e5:2 d5:2 c5 e5 d5 d5 c5:4 "
         "d5 d5 d5 d5 a4:2 a4:2 d5 c5 b4 a4 g4:4 c5 c5 c5 d5 e5:2 d5:2 c5 e5 d5 d5 c5:4"},
};

// Amazing Grace (New Britain).
constexpr std::array kAmazingGrace{
    Part{&timbre::flute, 0.57F, 0.3F, 0,
         "d4:2 g4:4 b4 g4 b4:4 a4:2 g4:4 e4:2 d4:4 d4:2 g4:4 b4 g4 b4:4 a4:2 d5:6 d5:4 b4:2 "
         "d5:4 b4 g4 b4:4 a4:2 g4:4 e4:2 d4:4 d4:2 g4:4 b4 g4 b4:4 a4:2 g4:6 g4:4"},
    Part{&timbre::organ, 0.095F, -0.3F, 0.3F,
         "-:2 g2+d3+b3:6 g2+d3+b3:6 c3+e3+c4:6 g2+d3+b3:6 g2+d3+b3:6 e2+e3+b3:6 d3+f#3+a3:6 d3+f#3+c4:6 "
         "g2+d3+b3:6 g2+d3+b3:6 c3+e3+c4:6 g2+d3+b3:6 g2+d3+b3:6 d3+f#3+c4:6 g2+d3+b3:6 g2+d3+b3:4"},
};

// Steps of 2 s: 1 kHz on both, on the left, on the right; 400 Hz left with 1 kHz
// right; 5 kHz, 10 kHz, 60 Hz on both; then 1 s of silence.
constexpr std::array kTestCard{
    Part{&timbre::sine, 0.25F, -1, 0, "1000:20 1000:20 -:20 400:20 5000:20 10000:20 60:20 -:10"},
    Part{&timbre::sine, 0.25F, 1, 0, "1000:20 -:20 1000:20 1000:20 5000:20 10000:20 60:20 -:10"},
};

}  // namespace

namespace piece {

constexpr Piece prelude_in_c{"Prelude in C", 8'000, kPreludeInC};
constexpr Piece ode_to_joy{"Ode to Joy", 12'000, kOdeToJoy};
constexpr Piece minuet_in_g{"Minuet in G", 11'000, kMinuetInG};
constexpr Piece canon_in_d{"Canon in D", 12'000, kCanonInD};
constexpr Piece frere_jacques{"Frere Jacques", 10'000, kFrereJacques};
constexpr Piece greensleeves{"Greensleeves", 7'200, kGreensleeves};
constexpr Piece lullaby{"Lullaby", 14'400, kLullaby};
constexpr Piece au_clair_de_la_lune{"Au clair de la lune", 19'200, kAuClairDeLaLune};
constexpr Piece amazing_grace{"Amazing Grace", 14'400, kAmazingGrace};
constexpr Piece test_card{"Test card", 4'800, kTestCard};

}  // namespace piece

}  // namespace fmrx::sim
