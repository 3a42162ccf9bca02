// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace fmrx::sim {

/// What an instrument of the synthesiser sounds like: a sum of partials, so that
/// nothing lies above the audio band.
struct Timbre {
  static constexpr std::size_t kPartials = 12;

  std::array<float, kPartials> amplitude{};  ///< of each partial, before Part::gain
  std::array<float, kPartials> ratio{};      ///< frequency over that of the note
  float attack_s = 0.01F;
  float release_s = 0.1F;
  float ring_s = 0;   ///< how long a struck note sounds; 0: as long as it is written
  float decay_s = 0;  ///< to 1/e, of the first partial; 0: sustained
  float damping = 0;  ///< partial k decays 1 + damping * (k - 1) times as fast
};

namespace timbre {
extern const Timbre harp, harpsichord, guitar, celesta, strings, organ, flute, sine;
}

/// One line of a piece.
///
/// Notes are words parted by blanks: pitches joined by +, then a colon and the
/// length in steps; without it, one step. A pitch is a letter, # or b, and an
/// octave ("f#4", "bb3"; a4 is 440 Hz), or whole hertz ("1000"). - is a rest.
struct Part {
  const Timbre* timbre;
  float gain;    ///< amplitude of a note with partial amplitude 1
  float pan;     ///< -1 left, +1 right
  float spread;  ///< added to pan for each octave above middle C, as on a keyboard
  std::string_view notes;
  /// With this the notes of a chord are struck in turn, one each step, in this
  /// order over and over; else together.
  std::span<const std::uint8_t> broken{};
};

/// A piece of music (or a test card), played over and over.
struct Piece {
  std::string_view title;
  unsigned step_samples;  ///< at 48 kHz
  std::span<const Part> parts;
};

namespace piece {
extern const Piece prelude_in_c, ode_to_joy, minuet_in_g, canon_in_d, frere_jacques, greensleeves, lullaby,
    au_clair_de_la_lune, amazing_grace, test_card;
}

}  // namespace fmrx::sim
