// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/clock_loss.hpp"

#include <algorithm>
#include <cmath>

namespace fmrx::source {

namespace {

constexpr ClockLoss::Time kWindow{5};
constexpr double kLargestCrystalError = 300e-6;
/// A transfer takes 15.6 ms; what is smaller is a matter of scheduling.
constexpr ClockLoss::Time kLeastLoss{0.005};

}  // namespace

void ClockLoss::arrived(Time now, std::uint64_t samples) {
  const Time lag = now - Time(static_cast<double>(samples) / rate_hz_);
  if (!window_begin_) {
    window_begin_ = now;
    lag_ = lag;
  }
  lag_ = std::min(lag_, lag);
  if (now - *window_begin_ < kWindow) return;
  conclude();
  window_begin_.reset();
}

void ClockLoss::conclude() {
  if (former_lag_) {
    const Time behind = lag_ - *former_lag_;
    if (behind > kLargestCrystalError * kWindow + kLeastLoss)
      lost_ += static_cast<std::uint64_t>(std::llround(behind.count() * rate_hz_));
  }
  former_lag_ = lag_;
}

}  // namespace fmrx::source
