// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/time_line.hpp"

#include <algorithm>

namespace fmrx::recording {

using namespace std::chrono;

namespace {
constexpr std::uint64_t kNanoseconds = 1'000'000'000;
}

nanoseconds time_of_frames(std::uint64_t frames) {
  // Whole seconds apart, so that years stay within 64 bits.
  const std::uint64_t whole = frames / kAudioRate.value();
  const std::uint64_t rest = frames % kAudioRate.value() * kNanoseconds / kAudioRate.value();
  return nanoseconds(static_cast<std::int64_t>(whole * kNanoseconds + rest));
}

std::uint64_t frames_in(nanoseconds time) {
  if (time.count() <= 0) return 0;
  const auto ns = static_cast<std::uint64_t>(time.count());
  const std::uint64_t rest = (ns % kNanoseconds * kAudioRate.value() + kNanoseconds / 2) / kNanoseconds;
  return ns / kNanoseconds * kAudioRate.value() + rest;
}

std::uint64_t TimeLine::frames_until(UtcTime time, std::uint64_t frame) const {
  return frames_in(time - at(frame));
}

void TimeLine::begin_window(const Arrival& arrival) {
  const nanoseconds played = time_of_frames(arrival.frame);
  window_begin_ = arrival.steady;
  least_utc_ = arrival.utc - played;
  least_steady_ = arrival.steady - played;
}

std::optional<TimeLine::Event> TimeLine::arrived(const Arrival& arrival) {
  if (!watching_) {
    watching_ = true;
    begin_window(arrival);
    return std::nullopt;
  }
  const nanoseconds played = time_of_frames(arrival.frame);
  // By the steady clock, since the wall clock may be set within the window.
  if (arrival.steady - played < least_steady_) {
    least_steady_ = arrival.steady - played;
    least_utc_ = arrival.utc - played;
  }
  if (arrival.steady - window_begin_ < kWindow) return std::nullopt;

  const nanoseconds missing = former_steady_ ? least_steady_ - *former_steady_ : nanoseconds(0);
  const nanoseconds moved = least_utc_ - origin_;
  const nanoseconds set = moved - missing;
  const nanoseconds measured_steady = least_steady_;
  const UtcTime measured = least_utc_;
  begin_window(arrival);

  if (missing >= kStep) {
    // Whoever fills the gap counts the frames that were missing; then nothing has moved, and what
    // lacks from now on, because of a second suspend at once, is seen beside the time before.
    least_steady_ -= missing;
    least_utc_ -= missing;
    return Event{Event::Kind::samples_missing, missing};
  }
  former_steady_ = measured_steady;
  if (abs(set) >= kStep) {
    steps_ += set;
    origin_ += moved;
    return Event{Event::Kind::clock_set, set};
  }
  origin_ = measured;
  return std::nullopt;
}

void TimeLine::error_taken_out() {
  origin_ -= clock_error();
  watching_ = false;
  former_steady_.reset();
}

}  // namespace fmrx::recording
