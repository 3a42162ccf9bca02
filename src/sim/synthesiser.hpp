// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "sim/pieces.hpp"

namespace fmrx::sim {

/// One sounding note: decaying partials, each a complex number that is turned
/// once a sample. In double precision a sustained one neither swells nor fades by
/// rounding.
class Voice {
 public:
  /// Starts a note. length: samples until its release begins.
  void start(const Timbre& timbre, double frequency_hz, float gain, float pan, std::uint32_t length);

  /// Adds the next samples to interleaved stereo.
  void add_to(std::span<float> stereo);

  [[nodiscard]] bool sounding() const { return age_ < end_; }

 private:
  [[nodiscard]] float envelope() const;
  float next_sample();

  std::array<double, Timbre::kPartials> real_{};
  std::array<double, Timbre::kPartials> imag_{};
  std::array<double, Timbre::kPartials> turn_real_{};
  std::array<double, Timbre::kPartials> turn_imag_{};
  float left_ = 0;
  float right_ = 0;
  std::uint32_t age_ = 0;
  std::uint32_t attack_ = 0;   ///< samples of the rise
  std::uint32_t release_ = 0;  ///< age at which the fall begins
  std::uint32_t end_ = 0;
};

/// Plays a piece for ever: 48 kHz interleaved stereo, nothing above 15 kHz. Every
/// note begins on a whole sample, so that repetitions never drift.
class Synthesiser {
 public:
  explicit Synthesiser(const Piece& piece);

  void render(std::span<float> stereo);

 private:
  static constexpr std::size_t kMaxParts = 6;
  static constexpr std::size_t kMaxVoices = 32;
  static constexpr std::size_t kMaxChord = 6;

  /// Where one part of the piece has come to.
  struct Cursor {
    const Part* part = nullptr;
    std::size_t position = 0;  ///< in the text
    std::uint32_t wait = 0;    ///< samples until something happens
    std::array<double, kMaxChord> chord_hz{};
    std::size_t chord_size = 0;
    std::uint32_t steps_left = 0;  ///< of a broken chord
    std::uint32_t steps_done = 0;
  };

  void advance(Cursor& cursor);
  void read_chord(Cursor& cursor);
  void strike(const Part& part, double frequency_hz, std::uint32_t steps);

  std::uint32_t step_samples_;
  std::array<Cursor, kMaxParts> cursors_{};
  std::size_t parts_ = 0;
  std::array<Voice, kMaxVoices> voices_{};
};

/// Steps of a part from beginning to end.
[[nodiscard]] std::uint32_t length_in_steps(const Part& part);

}  // namespace fmrx::sim
