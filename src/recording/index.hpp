// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/local_time.hpp"

namespace fmrx::recording {

/// Frames of silence that stand for audio which never came.
struct Gap {
  std::uint64_t frame = 0;  ///< of the file, at which it begins
  std::uint64_t frames = 0;
};

/// Carrier to noise over a file, in dB.
struct NoiseStatistics {
  double lowest_db = 0;
  double mean_db = 0;
  double highest_db = 0;
};

/// A time during which the station could not be heard.
struct Outage {
  UtcTime from;
  UtcTime to;
};

/// A text of the station and when it came.
struct Title {
  UtcTime time;
  std::string text;
};

/// The wall clock was set, by so much, as seen from the samples' count.
struct ClockStep {
  UtcTime time;
  std::chrono::nanoseconds by{0};
};

/// All that is to be told of a finished file.
struct FileRecord {
  std::string file;  ///< relative to the folder
  UtcTime start;
  UtcTime end;
  std::uint64_t first_frame = 0;  ///< since the recording began
  std::uint64_t frames = 0;       ///< at 48 kHz
  std::uint64_t bytes = 0;
  std::string frequency;
  std::optional<std::string> pi;
  std::vector<std::string> ps;
  std::vector<Title> titles;
  std::vector<Gap> gaps;
  std::uint64_t gaps_left_out = 0;  ///< beyond the first kMostListed
  std::vector<Outage> outages;
  std::vector<ClockStep> clock_steps;
  std::optional<NoiseStatistics> cn;
  std::optional<std::chrono::nanoseconds> clock_error;  ///< wall clock less samples, since the beginning
  std::int64_t aligned_frames = 0;  ///< filled in, or left out if negative, to agree with the wall clock
  std::uint64_t clipped = 0;
  std::string problem;  ///< why it ends early; empty: it is whole
};

inline constexpr std::size_t kMostListed = 1'000;

/// A file that was begun.
struct BegunFile {
  std::string file;  ///< the name it had then, relative to the folder
  UtcTime start;
  std::uint64_t first_frame = 0;
  std::string frequency;
};

/// Lines of an index: JSON, in UTF-8, ending with a newline. docs/recording.md lists the fields.
[[nodiscard]] std::string index_line(const FileRecord& record);
[[nodiscard]] std::string begin_line(const BegunFile& begun);
/// A file that was begun and never finished is `file` now. `frames`: nothing if they cannot be told.
[[nodiscard]] std::string recovery_line(const BegunFile& begun, const std::string& file,
                                        std::optional<std::uint64_t> frames, std::uint64_t bytes);
[[nodiscard]] std::string deletion_line(const std::string& file, UtcTime time);

/// A file of an index that has not been deleted.
struct IndexedFile {
  std::string file;
  UtcTime end;

  friend bool operator==(const IndexedFile&, const IndexedFile&) = default;
};

/// The files of an index, in its order. Lines that are none are left out: the last one of a run
/// that was killed may be torn.
[[nodiscard]] std::vector<IndexedFile> read_index(const std::string& text);

/// The files that were begun under names that no line says more of.
[[nodiscard]] std::vector<BegunFile> read_unfinished(const std::string& text);

}  // namespace fmrx::recording
