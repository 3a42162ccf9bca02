// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>

#include "base/local_time.hpp"
#include "rt/task.hpp"

namespace fmrx::app {

/// utc_now(), or what a test has instead.
using UtcClock = std::function<UtcTime()>;

/// Waits until the wall clock shows `due`, at once if it is past. A clock that is set meanwhile, or a
/// suspend, is noticed within kLook.
[[nodiscard]] rt::Task<void> until_utc(UtcTime due, UtcClock clock = utc_now);

inline constexpr auto kLook = std::chrono::seconds(10);

}  // namespace fmrx::app
