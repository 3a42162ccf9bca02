// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/units.hpp"
#include "dsp/drift_loop.hpp"
#include "sink/on_time_line.hpp"
#include "sink/playback.hpp"

namespace fmrx::sink {

/// Keeps the time between a receiver's clock, which makes audio, and a card's clock, which plays
/// it, as it was asked for: says with which lag to begin, by how much faster to use the audio up,
/// and what to leave out when a stall has made the delay longer. Times are read off the frames
/// that each side has counted when it was on time (OnTimeLine), so neither the size of blocks nor a
/// busy machine shows.
class DelayControl {
 public:
  using Time = OnTimeLine::Time;
  using Delay = std::chrono::nanoseconds;

  /// `wanted`: from what is written last until it is heard. Where the card, or the size of what is
  /// written or fetched at once, allow no less, it becomes more.
  DelayControl(SampleRate card_rate, Delay wanted);

  /// The block that came at `now` makes `received` frames in all, at kAudioRate, from which
  /// `written` have become, at the card's rate.
  void wrote(Time now, std::uint64_t received, std::uint64_t written);
  /// What the card notes, in order.
  void fetched(const Fetch& note);

  /// Whether the card plays silence at `now` and waits for an order. Audio that has run out is
  /// mostly late, and comes back to its old pace. If it does not, samples were lost, and how far
  /// ahead the receiver was before is no longer believed.
  void card_holds(Time now, bool holds);
  /// With which lag to begin, at first or again; nothing while the card's pace is not known yet, or
  /// what is received comes in a burst because it was late.
  [[nodiscard]] std::optional<std::int64_t> lag_to_begin() const;

  /// Four times a second, while the card plays.
  void update(Time now);
  /// So much audio is to be left out, at once, since the delay has been too long for a second;
  /// mostly nothing. Asked once after each update().
  [[nodiscard]] Delay excess_to_leave_out();

  [[nodiscard]] double speed_ppm() const { return loop_.speed_ppm(); }
  [[nodiscard]] double drift_ppm() const { return loop_.drift_ppm(); }
  /// From what is written last until it is heard; nothing while that is not known.
  [[nodiscard]] std::optional<Delay> delay() const;
  /// Of that, what the card has: from its fetching until it is heard.
  [[nodiscard]] Delay card_latency() const;

  /// Another card, or the same again: what is known of the clocks' drift is kept.
  void restart(SampleRate card_rate, Delay wanted);

 private:
  [[nodiscard]] std::optional<Delay> ring_delay() const;
  [[nodiscard]] Delay wanted_ring_delay() const;
  void note_block(double length_s);
  void follow_card_latency(Delay latency);

  SampleRate rate_;
  Delay wanted_;
  dsp::DriftLoop loop_;
  OnTimeLine receiver_;
  OnTimeLine card_;
  std::uint64_t received_ = 0;
  Delay received_for_{};              ///< how long that took, by the drift that was known at the time
  std::optional<double> block_s_;     ///< what is usually received at once
  std::optional<Delay> writer_lead_;  ///< how far ahead what is written is when it is on time
  bool receiver_on_time_ = false;
  std::optional<Time> first_fetch_;
  double fetch_s_ = 0;  ///< what is usually fetched at once
  std::int64_t lag_ = 0;
  bool playing_ = false;
  bool holds_ = true;
  std::optional<Time> old_pace_until_;
  std::optional<double> card_latency_s_;  ///< mean
  std::optional<Delay> planned_card_latency_;
  std::optional<Time> updated_;
  Delay excess_{};
  int updates_in_excess_ = 0;
};

}  // namespace fmrx::sink
