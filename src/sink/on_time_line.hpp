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
/// the most that was seen within the last second is the truth, and stalls shorter than that
/// do not disturb it.
class OnTimeLine {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Lead = std::chrono::nanoseconds;

  /// At `now` the stream is `lead` ahead of the clock; any fixed zero will do.
  void add(Time now, Lead lead) {
    const std::int64_t period = now.time_since_epoch() / kPeriod;
    Best& best = best_[static_cast<std::size_t>(period) % kPeriods];
    if (best.period != period) {
      best = {period, lead};
    } else {
      best.lead = std::max(best.lead, lead);
    }
    newest_ = std::max(newest_, period);
  }

  /// Nothing, if nothing was added since it was cleared.
  [[nodiscard]] std::optional<Lead> lead() const {
    std::optional<Lead> most;
    for (const Best& best : best_) {
      if (best.period > newest_ - static_cast<std::int64_t>(kPeriods))
        most = std::max(most.value_or(best.lead), best.lead);
    }
    return most;
  }

  void clear() { *this = {}; }

 private:
  static constexpr std::chrono::nanoseconds kPeriod = std::chrono::milliseconds(250);
  static constexpr std::size_t kPeriods = 4;

  struct Best {
    std::int64_t period = -1;
    Lead lead{};
  };

  std::array<Best, kPeriods> best_{};
  std::int64_t newest_ = kPeriods;
};

}  // namespace fmrx::sink
