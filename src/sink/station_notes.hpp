// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/local_time.hpp"
#include "recording/index.hpp"
#include "sink/audio_encoder.hpp"

namespace fmrx::sink {

/// What becomes known of the station while it is recorded: posted by the loop, taken by the
/// sink's thread.
class StationNotes {
 public:
  struct Note {
    std::optional<double> cn_db{};
    std::optional<bool> signal{};               ///< it came back, or went
    std::chrono::nanoseconds no_signal_for{0};  ///< how long ago it went
    std::optional<std::string> pi{};
    std::optional<std::string> ps{};
    std::optional<std::string> title{};
  };

  /// What is posted faster than it is taken is dropped.
  void post(Note note);
  [[nodiscard]] std::vector<Note> take();

 private:
  std::mutex mutex_;
  std::vector<Note> notes_;
};

/// What a recording knows of its station: for the names and texts of files, and for the index.
class StationLog {
 public:
  /// `notes` may be nullptr; `frequency` is for people.
  StationLog(std::shared_ptr<StationNotes> notes, std::string frequency);

  /// Empty where they are not known.
  [[nodiscard]] const std::string& ps() const { return ps_; }
  [[nodiscard]] const std::string& pi() const { return pi_; }

  /// Of a file whose first frame came at `start`.
  [[nodiscard]] Tags tags(UtcTime start) const;

  /// Notes what is known when a file begins.
  void begin(recording::FileRecord& record) const;

  /// Notes what was posted. `now` is the time of the next frame.
  void take_notes(UtcTime now, recording::FileRecord& record);

  /// Notes how the station came in from record.start to record.end.
  void end(recording::FileRecord& record);

 private:
  void count_cn(double cn_db);
  void note_signal(bool is_there, UtcTime since, UtcTime now, recording::FileRecord& record);

  std::shared_ptr<StationNotes> notes_;
  std::string frequency_;
  std::string ps_;
  std::string pi_;
  std::optional<UtcTime> no_signal_since_;
  // Since the file began.
  double cn_lowest_db_ = 0;
  double cn_highest_db_ = 0;
  double cn_sum_db_ = 0;
  std::uint64_t cn_count_ = 0;
};

}  // namespace fmrx::sink
