// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/units.hpp"

namespace fmrx::source {

/// Samples that a dongle has dropped leave no mark: only the clock tells. Blocks come late, by
/// anything up to seconds, but never early, so the earliest of five seconds tells when samples
/// were due. What has fallen behind the five seconds before by more than a crystal's error and
/// a few milliseconds has been lost. Less, such as 0.1 % all the time, stays unseen.
class ClockLoss {
 public:
  using Time = std::chrono::duration<double>;

  explicit ClockLoss(SampleRate rate) : rate_hz_(rate.hz()) {}

  /// At `now`, of any steady clock, so many samples have arrived in all.
  void arrived(Time now, std::uint64_t samples);

  /// After a gap: nothing of it counts.
  void restart() { *this = ClockLoss(rate_hz_, lost_); }

  [[nodiscard]] std::uint64_t samples_lost() const { return lost_; }

 private:
  ClockLoss(double rate_hz, std::uint64_t lost) : rate_hz_(rate_hz), lost_(lost) {}
  void conclude();

  double rate_hz_;
  std::uint64_t lost_ = 0;
  std::optional<Time> window_begin_;
  Time lag_{0};  ///< the least of the window
  std::optional<Time> former_lag_;
};

}  // namespace fmrx::source
