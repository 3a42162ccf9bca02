// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "radio/signal_watch.hpp"

namespace fmrx::radio {

namespace {

/// Below the first there is more hiss than programme (the threshold of FM is near 10 dB); the
/// second, a little higher, brings it back.
constexpr Decibels kLost{6};
constexpr Decibels kFound{8};
/// Fades of a moving aerial are shorter, announcements longer.
constexpr std::uint64_t kLostAfter_frames = 3 * std::uint64_t{kAudioRate.value()};
constexpr std::uint64_t kFoundAfter_frames = kAudioRate.value();

}  // namespace

SignalWatch::Change SignalWatch::observe(std::uint64_t frame, Decibels carrier_to_noise) {
  const bool is_good = carrier_to_noise >= (has_signal_ ? kLost : kFound);
  if (has_signal_) {
    if (is_good) last_good_ = frame;
    if (frame - last_good_ < kLostAfter_frames) return Change::none;
    has_signal_ = false;
    last_bad_ = frame;
    return Change::lost;
  }
  if (!is_good) last_bad_ = frame;
  if (frame - last_bad_ < kFoundAfter_frames) return Change::none;
  has_signal_ = true;
  last_good_ = frame;
  return Change::found;
}

}  // namespace fmrx::radio
