// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wall_clock.hpp"

#include <algorithm>
#include <chrono>

#include "rt/sleep.hpp"

namespace fmrx::app {

rt::Task<void> until_utc(UtcTime due, UtcClock clock) {
  for (;;) {
    const std::chrono::nanoseconds left = due - clock();
    if (left.count() <= 0) co_return;
    co_await rt::sleep_for(std::min<std::chrono::nanoseconds>(left, kLook));
  }
}

}  // namespace fmrx::app
