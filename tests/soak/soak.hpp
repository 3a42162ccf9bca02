// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rt/event_loop.hpp"

namespace fmrx::test {

/// What befalls a receiver that runs unattended.
enum class Mishap : std::uint8_t {
  unplug,
  replug_without_permission,
  silence,
  wedge,
  freeze,
  break_off,
  lost_samples,
  hang_in_opening,
  hang_in_closing,
  busy_machine,
  suspend,
  clock_set,
  sound_server_away,
  disk_stall,
  disk_full,
};
inline constexpr int kMishaps = 15;

[[nodiscard]] const char* name_of(Mishap mishap);

struct Incident {
  rt::Duration when;  ///< since the beginning
  Mishap mishap;
  rt::Duration length;  ///< how long it lasts, or by how much a clock is set
};

/// A run of so long, by the numbers of a seed alone.
struct SoakPlan {
  std::uint64_t seed = 0;
  rt::Duration length{};
  double ppm = 0;  ///< of the dongle's crystal
  std::vector<Incident> incidents;
};

/// About 20 incidents an hour, and quiet for the last two minutes. A disk that is full ends the
/// recording, so it is left out where `disk_full` is false.
[[nodiscard]] SoakPlan make_plan(std::uint64_t seed, rt::Duration length, bool disk_full);

/// What became of a run; frames are those of the audio.
struct SoakReport {
  std::uint64_t handed_over = 0;  ///< frames that the dongle gave to fmrx
  std::uint64_t recorded = 0;     ///< of them, in files
  std::uint64_t dropped = 0;      ///< counted as lost between the two
  std::uint64_t files = 0;
  std::uint64_t frames = 0;             ///< in files, silence included
  double silence_error_s = 0;           ///< by which the recording is longer than what it stands for
  rt::Duration end_took{};              ///< from the order to stop until all was closed
  std::size_t memory_growth_bytes = 0;  ///< of the heap, from the first tenth to the end
  int descriptors_more = 0;             ///< likewise
  bool disk_was_full = false;
  /// Of what must never happen, what happened. Empty, if all is well.
  std::vector<std::string> complaints;

  friend bool operator==(const SoakReport&, const SoakReport&) = default;
};

/// Runs the receiver, with numbers instead of sound, through the plan: the source's survival, the
/// pipeline, the recorder and its time line, on virtual time.
[[nodiscard]] SoakReport soak(const SoakPlan& plan);

}  // namespace fmrx::test
