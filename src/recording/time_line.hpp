// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/local_time.hpp"
#include "base/units.hpp"

namespace fmrx::recording {

[[nodiscard]] std::chrono::nanoseconds time_of_frames(std::uint64_t frames);
/// Rounded to the nearest; nothing for negative times.
[[nodiscard]] std::uint64_t frames_in(std::chrono::nanoseconds time);

/// A frame came in, by the two clocks that may disagree: the wall clock, which can be set, and
/// one that cannot but counts through a suspend (CLOCK_BOOTTIME where there is one).
struct Arrival {
  std::uint64_t frame = 0;  ///< since the beginning
  UtcTime utc;
  std::chrono::nanoseconds steady{0};
};

/// Which time of day each frame of a live recording has. The count of samples runs by the
/// dongle's crystal, tens of ppm beside the wall clock: seconds a day.
///
/// Frames arrive late, never early, so the least late one of the last seconds tells the true
/// relation. What a clock that was set does to it, and what samples that never came do, is told
/// apart by the steady clock.
class TimeLine {
 public:
  /// `start` is when frame 0 was on the air.
  explicit TimeLine(UtcTime start) : start_(start), origin_(start) {}

  struct Event {
    enum class Kind {
      clock_set,       ///< the wall clock jumped by `by`
      samples_missing  ///< `by` went by without samples, and nobody counted them
    };
    Kind kind;
    std::chrono::nanoseconds by;
  };

  /// At most one in kWindow. After samples_missing the caller counts as many frames more.
  std::optional<Event> arrived(const Arrival& arrival);

  /// The caller has taken clock_error() out: by frames that it filled in or left out, so that what
  /// comes is counted differently.
  void error_taken_out();

  [[nodiscard]] UtcTime at(std::uint64_t frame) const { return origin_ + time_of_frames(frame); }

  /// Frames from `frame` until that time; 0 if it is past.
  [[nodiscard]] std::uint64_t frames_until(UtcTime time, std::uint64_t frame) const;

  /// Wall clock less count of samples, since the beginning: positive if the crystal is slow.
  [[nodiscard]] std::chrono::nanoseconds clock_error() const { return origin_ - start_ - steps_; }

  static constexpr auto kWindow = std::chrono::seconds(10);
  /// More cannot be a crystal, nor a machine that was busy.
  static constexpr auto kStep = std::chrono::seconds(2);

 private:
  void begin_window(const Arrival& arrival);

  UtcTime start_;
  UtcTime origin_;  ///< start_, corrected by what was seen since
  std::chrono::nanoseconds steps_{0};

  bool watching_ = false;
  std::chrono::nanoseconds window_begin_{0};  ///< steady
  UtcTime least_utc_;                         ///< of the frame 0, by the least late arrival
  std::chrono::nanoseconds least_steady_{0};
  std::optional<std::chrono::nanoseconds> former_steady_;  ///< least_steady_ of the window before
};

}  // namespace fmrx::recording
