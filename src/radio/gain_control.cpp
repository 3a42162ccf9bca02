// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "radio/gain_control.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fmrx::radio {

namespace {

// In observations. Samples on their way show the former gain.
constexpr int kSettling = 2;
constexpr int kTrial = 3;
constexpr int kHold = 20;
/// How soon noise alone may start a search again. It may have nothing to do with the gain, so
/// each search that finds nothing better doubles it.
constexpr int kLeastPatience = 100;
constexpr int kMostPatience = 3000;

/// Nobody hears so little; and beyond so much the C/N means nothing any more.
constexpr double kUnheardClips = 1e-5;
constexpr double kMildClips = 1e-3;
constexpr double kHeavyClips = 1e-2;

/// Below, the C/N meter does not tell a carrier from noise.
constexpr double kLeastCn_dB = 3;

constexpr double kPeakFall_dB = 1.5;
constexpr double kCnFall_dB = 3;

double decibels(double amplitude) {
  return 20 * std::log10(std::max(amplitude, 1e-3));
}

}  // namespace

GainControl::GainControl(std::vector<Decibels> gains)
    : gains_(std::move(gains)), index_(gains_.size() / 2), settling_(kSettling), patience_(kLeastPatience) {}

bool GainControl::observe(const GainObservation& observation) {
  if (settling_ > 0) {
    --settling_;
    return false;
  }
  collect(observation);
  ++since_search_;
  if (is_searching_) return count_ >= kTrial && search();
  if (observation.clip_rate > kHeavyClips) return begin_search();
  return count_ >= kHold && hold();
}

/// Loud moments of the station, or of its neighbours, look like noise; nothing looks like less noise than
/// there is. So the best C/N counts.
void GainControl::collect(const GainObservation& observation) {
  if (count_ == 0) sum_ = {};
  sum_.clip_rate += observation.clip_rate;
  sum_.carrier_to_noise = count_ == 0 ? observation.carrier_to_noise
                                      : std::max(sum_.carrier_to_noise, observation.carrier_to_noise);
  sum_.peak = std::max(sum_.peak, observation.peak);
  ++count_;
}

bool GainControl::search() {
  GainObservation seen = sum_;
  seen.clip_rate /= count_;
  tried_[index_] = seen;
  if (const auto next = next_to_try()) return move_to(*next);
  is_searching_ = false;
  since_search_ = 0;
  held_.reset();
  return move_to(best());
}

bool GainControl::hold() {
  GainObservation seen = sum_;
  seen.clip_rate /= count_;
  count_ = 0;
  if (!held_) {
    held_ = seen;
    return false;
  }
  const bool clips = seen.clip_rate > std::max(kUnheardClips, 3 * held_->clip_rate);
  const bool has_room = decibels(held_->peak) - decibels(seen.peak) > kPeakFall_dB;
  const bool is_noisier = held_->carrier_to_noise.value() - seen.carrier_to_noise.value() > kCnFall_dB &&
                          held_->carrier_to_noise.value() > kLeastCn_dB;
  if (clips || has_room) {
    patience_ = kLeastPatience;
    count_ = kHold;
    return begin_search();
  }
  if (!is_noisier || since_search_ < patience_) return false;
  patience_ = std::min(2 * patience_, kMostPatience);
  count_ = kHold;
  return begin_search();
}

/// With what has just been seen as the first try.
bool GainControl::begin_search() {
  is_searching_ = true;
  tried_.clear();
  return search();
}

bool GainControl::move_to(std::size_t index) {
  count_ = 0;
  if (index == index_) return false;
  index_ = index;
  settling_ = kSettling;
  return true;
}

std::optional<std::size_t> GainControl::next_to_try() const {
  const auto is_new = [&](std::size_t index) { return !tried_.contains(index); };
  const std::size_t top = best();
  const GainObservation& seen = tried_.at(top);
  if (seen.clip_rate > kHeavyClips) {
    // All that were tried: further down, in bold steps while most of it clips.
    const double step_db = seen.clip_rate > 0.1 ? 6 : 2;
    const std::size_t lowest = tried_.begin()->first;
    if (lowest == 0) return std::nullopt;
    return std::min(highest_within(gains_[lowest].value() - step_db), lowest - 1);
  }
  const auto heavy =
      std::ranges::find_if(tried_, [](const auto& entry) { return entry.second.clip_rate > kHeavyClips; });
  const std::size_t limit = heavy == tried_.end() ? gains_.size() : heavy->first;
  const std::size_t allowed = highest_within(gains_[top].value() - decibels(seen.peak));
  if (allowed > top && allowed < limit && is_new(allowed)) return allowed;
  if (top + 1 < limit && is_new(top + 1) && seen.clip_rate <= kMildClips) return top + 1;
  if (top > 0 && is_new(top - 1)) return top - 1;
  return std::nullopt;
}

std::size_t GainControl::best() const {
  return std::ranges::max_element(tried_, {},
                                  [&](const auto& entry) { return quality(entry.first, entry.second); })
      ->first;
}

/// The highest index whose gain is no more than this, or 0.
std::size_t GainControl::highest_within(double gain_db) const {
  const auto above = std::ranges::upper_bound(gains_, Decibels(gain_db + 1e-9));
  return above == gains_.begin() ? 0 : static_cast<std::size_t>(above - gains_.begin()) - 1;
}

/// In dB where the C/N can be measured. Below that any measurable one is better; where none is, the
/// highest gain that does not clip; and what clips heavily is the worse the more it does.
double GainControl::quality(std::size_t index, const GainObservation& seen) const {
  constexpr double kUnmeasured = -200;
  constexpr double kHeavy = -1000;
  if (seen.clip_rate > kHeavyClips) return kHeavy - static_cast<double>(index);
  if (seen.carrier_to_noise.value() >= kLeastCn_dB) return seen.carrier_to_noise.value();
  const double gain_db = gains_[index].value();
  return seen.clip_rate > kUnheardClips ? 2 * kUnmeasured - gain_db : kUnmeasured + gain_db;
}

}  // namespace fmrx::radio
