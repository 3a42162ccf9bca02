// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace fmrx::sink {

/// A stream that keeps a pace but is now and then late: how far ahead of a clock it is when it
/// is on time. Being late is what threads, USB and busy machines do; nothing is ever early, so
/// the most that was seen within the last five seconds is the truth. Except where time was lost
/// for good, by samples that never came or a card that paused: then the stream is as late as
/// before, steadily, and a second of that is believed.
class OnTimeLine {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Lead = std::chrono::nanoseconds;

  /// At `now` the stream is `lead` ahead of the clock; any fixed zero will do.
  void add(Time now, Lead lead) {
    const std::int64_t period = now.time_since_epoch() / kPeriod;
    if (period != newest_) {
      if (is_steady()) forget_before(newest_ - kSteady + 1);
      newest_ = period;
    }
    Best& best = best_at(period);
    if (best.period != period) {
      best = {period, lead};
    } else {
      best.lead = std::max(best.lead, lead);
    }
  }

  /// Nothing, if nothing was added since it was cleared.
  [[nodiscard]] std::optional<Lead> lead() const {
    std::optional<Lead> most;
    for (const Best& best : best_) {
      if (best.period > newest_ - kPeriods && best.period != kNever)
        most = std::max(most.value_or(best.lead), best.lead);
    }
    return most;
  }

  void clear() { *this = {}; }

 private:
  static constexpr std::chrono::nanoseconds kPeriod = std::chrono::milliseconds(250);
  static constexpr std::int64_t kPeriods = 20;
  static constexpr std::int64_t kSteady = 4;
  static constexpr Lead kAgreement = std::chrono::milliseconds(1);
  static constexpr std::int64_t kNever = -1;

  struct Best {
    std::int64_t period = kNever;
    Lead lead{};
  };

  [[nodiscard]] Best& best_at(std::int64_t period) {
    return best_[static_cast<std::size_t>(period % kPeriods)];
  }

  /// Whether the last periods, each with something in it, agree.
  [[nodiscard]] bool is_steady() {
    if (newest_ < kSteady) return false;
    Lead least = Lead::max();
    Lead most = Lead::min();
    for (std::int64_t period = newest_ - kSteady + 1; period <= newest_; ++period) {
      const Best& best = best_at(period);
      if (best.period != period) return false;
      least = std::min(least, best.lead);
      most = std::max(most, best.lead);
    }
    return most - least < kAgreement;
  }
  void forget_before(std::int64_t first) {
    for (Best& best : best_) {
      if (best.period < first) best = {};
    }
  }

  std::array<Best, kPeriods> best_{};
  std::int64_t newest_ = 0;
};

}  // namespace fmrx::sink
