// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/station_watch.hpp"

#include "base/log.hpp"
#include "cli/duration.hpp"
#include "recording/time_line.hpp"

namespace fmrx::app {

namespace {

/// As often as levels are measured.
constexpr std::uint64_t kLookInterval_frames = kAudioRate.value() / 10;
constexpr std::uint64_t kNoteInterval_frames = kAudioRate.value();

}  // namespace

bool StationWatch::block(std::uint64_t frame, Decibels carrier_to_noise) {
  if (frame < next_look_) return true;
  next_look_ = frame + kLookInterval_frames;
  if (frame >= next_note_) {
    next_note_ = frame + kNoteInterval_frames;
    for (const auto& notes : config_.notes) notes->post({.cn_db = carrier_to_noise.value()});
  }

  const auto change = signal_.observe(frame, carrier_to_noise);
  if (change != radio::SignalWatch::Change::none) tell(change, frame);
  if (config_.exit_on_signal_lost && !signal_.has_signal()) return leave("the signal is lost");
  const auto away = recording::time_of_frames(signal_.frames_without(frame));
  if (config_.require_signal && away >= *config_.require_signal)
    return leave("no signal for " + cli::format_duration(*config_.require_signal));
  return true;
}

void StationWatch::tell(radio::SignalWatch::Change change, std::uint64_t frame) {
  const bool is_there = change == radio::SignalWatch::Change::found;
  for (const auto& notes : config_.notes)
    notes->post(
        {.signal = is_there, .no_signal_for = recording::time_of_frames(signal_.frames_without(frame))});
  std::string text = config_.station + ": no signal";
  if (is_there)
    text = config_.station + ": the signal is back after " +
           cli::format_duration(recording::time_of_frames(frame - lost_at_));
  if (!is_there) lost_at_ = frame;
  if (says_something()) is_there ? log::info(text) : log::warn(text);
  if (config_.on_event) config_.on_event(is_there ? "signal-found" : "signal-lost", text);
}

bool StationWatch::leave(const std::string& why) const {
  log::error(config_.station + ": " + why);
  return false;
}

}  // namespace fmrx::app
