// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/delay_control.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fmrx::sink {

namespace {

using namespace std::chrono_literals;

/// At first a card fills its own buffers, far faster than it plays, and then makes a pause.
constexpr auto kCardSettles = 60ms;
/// A block that comes so little earlier than those before was expected.
constexpr auto kOnTime = 1ms;
/// Besides one block and one fetch: so late both sides may be at once without a gap.
constexpr auto kLeastSlack = 4ms;
/// So long after it has run out, audio may come back to its old pace.
constexpr auto kOldPace = 250ms;
/// A delay that is longer by less is brought back by the speed, unheard; it takes a crossfade to
/// leave out more.
constexpr auto kLargestExcess = 5ms;
constexpr int kUpdatesInExcess = 4;
/// JACK under PipeWire has claimed a latency of a day.
constexpr std::int64_t kLargestCardLatency_ns = 500'000'000;
constexpr double kLatencyMemory_s = 2;
/// Of the last block, or fetch, in what is taken for usual.
constexpr double kSizeShare = 1.0 / 64;
constexpr int kFirstBlocks = 16;
/// More than that has gone by only if the program was stopped.
constexpr double kLongestUpdate_s = 1;
/// A card's latency is noisy, and the delay shall not follow the noise.
constexpr auto kLatencyChange = 3ms;

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::chrono::nanoseconds nanoseconds(double seconds) {
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

}  // namespace

DelayControl::DelayControl(SampleRate card_rate, Delay wanted) : rate_(card_rate), wanted_(wanted) {}

void DelayControl::restart(SampleRate card_rate, Delay wanted) {
  const dsp::DriftLoop known = loop_;
  *this = DelayControl(card_rate, wanted);
  loop_ = known;
  loop_.widen();
}

/// Whole seconds first, so that nothing overflows in a thousand years.
DelayControl::Delay DelayControl::duration_of(std::int64_t frames) const {
  const std::int64_t rate = rate_.value();
  return std::chrono::seconds(frames / rate) + std::chrono::nanoseconds(frames % rate * 1'000'000'000 / rate);
}

void DelayControl::wrote(Time now, std::uint64_t written) {
  note_block(seconds(duration_of(static_cast<std::int64_t>(written - written_))));
  written_ = written;
  const std::optional<Delay> before = writer_.lead();
  writer_.add(now, duration_of(static_cast<std::int64_t>(written)) - now.time_since_epoch());
  writer_on_time_ = before && *writer_.lead() - *before < kOnTime;
}

/// Late blocks come several at once, and the first ones often do: they are not the usual ones.
void DelayControl::note_block(double length_s) {
  if (blocks_ == 0) block_s_ = length_s;
  block_s_ =
      blocks_ < kFirstBlocks ? std::min(block_s_, length_s) : block_s_ + kSizeShare * (length_s - block_s_);
  ++blocks_;
}

void DelayControl::fetched(const Fetch& note) {
  const Time time{std::chrono::nanoseconds(note.time_ns)};
  if (!first_fetch_) first_fetch_ = time;
  playing_ = note.playing;
  if (note.playing) lag_ = note.lag;
  if (time - *first_fetch_ < kCardSettles) return;
  const double length_s = seconds(duration_of(note.frames));
  fetch_s_ += (fetch_s_ > 0 ? kSizeShare : 1.0) * (length_s - fetch_s_);
  card_.add(time, duration_of(note.demanded) - time.time_since_epoch());
  follow_card_latency(Delay(std::clamp<std::int64_t>(note.latency_ns, 0, kLargestCardLatency_ns)));
}

void DelayControl::follow_card_latency(Delay latency) {
  const double share = std::min(1.0, fetch_s_ / kLatencyMemory_s);
  card_latency_s_ = card_latency_s_.value_or(seconds(latency));
  *card_latency_s_ += share * (seconds(latency) - *card_latency_s_);
  const Delay mean = card_latency();
  if (!planned_card_latency_ || std::chrono::abs(mean - *planned_card_latency_) > kLatencyChange)
    planned_card_latency_ = mean;
}

DelayControl::Delay DelayControl::card_latency() const {
  return nanoseconds(card_latency_s_.value_or(0));
}

/// What is wanted behind the ring's writer, before the card's fetching.
DelayControl::Delay DelayControl::wanted_ring_delay() const {
  const Delay least = nanoseconds(block_s_ + fetch_s_) + kLeastSlack;
  return std::max(wanted_ - planned_card_latency_.value_or(Delay{}), least);
}

/// On time, frame w is written at w - writer, and the ring's frame r is fetched at r + lag - card.
std::optional<DelayControl::Delay> DelayControl::ring_delay() const {
  const auto writer = writer_.lead();
  const auto card = card_.lead();
  if (!writer || !card) return std::nullopt;
  return *writer - *card + duration_of(lag_);
}

std::optional<DelayControl::Delay> DelayControl::delay() const {
  const std::optional<Delay> in_ring = ring_delay();
  if (!in_ring || !playing_) return std::nullopt;
  return *in_ring + card_latency();
}

std::optional<std::int64_t> DelayControl::lag_to_begin() const {
  const auto writer = writer_.lead();
  const auto card = card_.lead();
  // At the old pace the card begins by itself as soon as audio has caught up with it.
  const bool is_pace_known = writer_on_time_ || old_pace_until_;
  if (!writer || !card || !is_pace_known) return std::nullopt;
  return std::llround(seconds(*card - *writer + wanted_ring_delay()) * rate_.hz());
}

void DelayControl::update(Time now) {
  const double elapsed_s = updated_ ? seconds(now - *updated_) : 0;
  updated_ = now;
  excess_ = {};
  const std::optional<Delay> is = ring_delay();
  if (!is || !playing_) {
    updates_in_excess_ = 0;
    return;
  }
  const Delay excess = *is - wanted_ring_delay();
  updates_in_excess_ = excess > kLargestExcess ? updates_in_excess_ + 1 : 0;
  if (updates_in_excess_ >= kUpdatesInExcess) {
    excess_ = excess;
    updates_in_excess_ = 0;
    writer_.clear();
    return;
  }
  loop_.update(seconds(excess), std::min(elapsed_s, kLongestUpdate_s));
}

void DelayControl::card_holds(Time now, bool holds) {
  if (holds && !holds_) old_pace_until_ = now + kOldPace;
  if (!holds) old_pace_until_.reset();
  if (old_pace_until_ && now > *old_pace_until_) {
    writer_.clear();
    old_pace_until_.reset();
  }
  holds_ = holds;
}

DelayControl::Delay DelayControl::excess_to_leave_out() {
  return std::exchange(excess_, Delay{});
}

}  // namespace fmrx::sink
