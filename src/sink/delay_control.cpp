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
constexpr double kLatencyMemory_s = 5;
/// What a card says is noisy, and the delay shall not follow the noise.
constexpr auto kLatencyChange = 2ms;
/// Of the last fetch, in what is taken for usual.
constexpr double kFetchShare = 1.0 / 64;
/// Late blocks come several at once, so the least is the usual one, until longer ones have come for
/// a quarter of a minute.
constexpr double kLongerBlockShare = 1.0 / 1024;
/// More than that has gone by only if the program was stopped.
constexpr double kLongestUpdate_s = 1;

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

/// Whole seconds first, so that nothing overflows in a thousand years.
template <class Count>
std::chrono::nanoseconds duration_of(Count frames, SampleRate at) {
  const auto rate = static_cast<std::int64_t>(at.value());
  const auto count = static_cast<std::int64_t>(frames);
  return std::chrono::seconds(count / rate) + std::chrono::nanoseconds(count % rate * 1'000'000'000 / rate);
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

void DelayControl::wrote(Time now, std::uint64_t received, std::uint64_t written) {
  const double block_s = seconds(duration_of(received - received_, kAudioRate));
  received_ = received;
  received_for_ += nanoseconds(block_s * (1 - 1e-6 * drift_ppm()));
  const bool is_usual = block_s_ && block_s > *block_s_;
  block_s_ = is_usual ? *block_s_ + kLongerBlockShare * (block_s - *block_s_) : block_s;
  const std::optional<Delay> before = receiver_.lead();
  const Delay lead = received_for_ - now.time_since_epoch();
  receiver_.add(now, lead);
  const Delay on_time = *receiver_.lead();
  receiver_on_time_ = before && on_time - *before < kOnTime;
  // The receiver's frames tell how late this block is: unlike those written, they do not change
  // with the speed.
  const Delay late = on_time - lead;
  writer_lead_ = duration_of(written, rate_) - now.time_since_epoch() + late;
}

void DelayControl::fetched(const Fetch& note) {
  const Time time{std::chrono::nanoseconds(note.time_ns)};
  if (!first_fetch_) first_fetch_ = time;
  playing_ = note.playing;
  if (note.playing) lag_ = note.lag;
  if (time - *first_fetch_ < kCardSettles) return;
  const double length_s = seconds(duration_of(note.frames, rate_));
  fetch_s_ += (fetch_s_ > 0 ? kFetchShare : 1.0) * (length_s - fetch_s_);
  card_.add(time, duration_of(note.demanded, rate_) - time.time_since_epoch());
  follow_card_latency(Delay(std::clamp<std::int64_t>(note.latency_ns, 0, kLargestCardLatency_ns)));
}

void DelayControl::follow_card_latency(Delay latency) {
  card_latency_s_ = card_latency_s_.value_or(seconds(latency));
  *card_latency_s_ += std::min(1.0, fetch_s_ / kLatencyMemory_s) * (seconds(latency) - *card_latency_s_);
  const Delay mean = card_latency();
  if (!planned_card_latency_ || std::chrono::abs(mean - *planned_card_latency_) > kLatencyChange)
    planned_card_latency_ = mean;
}

DelayControl::Delay DelayControl::card_latency() const {
  return nanoseconds(card_latency_s_.value_or(0));
}

/// What is wanted behind the ring's writer, before the card's fetching.
DelayControl::Delay DelayControl::wanted_ring_delay() const {
  const Delay least = nanoseconds(block_s_.value_or(0) + fetch_s_) + kLeastSlack;
  return std::max(wanted_ - planned_card_latency_.value_or(Delay{}), least);
}

/// On time, frame w is written at w - writer, and the ring's frame r is fetched at r + lag - card.
std::optional<DelayControl::Delay> DelayControl::ring_delay() const {
  const auto card = card_.lead();
  if (!writer_lead_ || !card) return std::nullopt;
  return *writer_lead_ - *card + duration_of(lag_, rate_);
}

std::optional<DelayControl::Delay> DelayControl::delay() const {
  const std::optional<Delay> in_ring = ring_delay();
  if (!in_ring || !playing_) return std::nullopt;
  return *in_ring + card_latency();
}

std::optional<std::int64_t> DelayControl::lag_to_begin() const {
  const auto card = card_.lead();
  // At the old pace the card begins by itself as soon as audio has caught up with it.
  const bool is_pace_known = receiver_on_time_ || old_pace_until_;
  if (!writer_lead_ || !card || !is_pace_known) return std::nullopt;
  return std::llround(seconds(*card - *writer_lead_ + wanted_ring_delay()) * rate_.hz());
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
    return;
  }
  loop_.update(seconds(excess), std::min(elapsed_s, kLongestUpdate_s));
}

void DelayControl::card_holds(Time now, bool holds) {
  if (holds && !holds_) old_pace_until_ = now + kOldPace;
  if (!holds) old_pace_until_.reset();
  if (old_pace_until_ && now > *old_pace_until_) {
    receiver_.clear();
    old_pace_until_.reset();
  }
  holds_ = holds;
}

DelayControl::Delay DelayControl::excess_to_leave_out() {
  return std::exchange(excess_, Delay{});
}

}  // namespace fmrx::sink
