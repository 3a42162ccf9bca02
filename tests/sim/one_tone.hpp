// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <utility>

#include "sim/station.hpp"

namespace fmrx::sim {

/// A piece of one part, for tests: a steady tone, or silence. Lives on the stack;
/// stations of it must not outlive it.
struct OneToneOfTest {
  /// notes: as in Part, e.g. "1000:1000" is 1 kHz for 100 s.
  explicit OneToneOfTest(std::string notes_of_part, float gain = 0, float pan = 0)
      : notes(std::move(notes_of_part)),
        part{&timbre::sine, gain, pan, 0, notes},
        piece{"test", 4'800, {&part, 1}} {}
  OneToneOfTest(const OneToneOfTest&) = delete;
  OneToneOfTest& operator=(const OneToneOfTest&) = delete;

  [[nodiscard]] Station station(Hertz frequency, Decibels level_dbfs, bool stereo) const {
    return {frequency, level_dbfs, stereo, &piece, std::nullopt};
  }

  std::string notes;
  Part part;
  Piece piece;
};

}  // namespace fmrx::sim
