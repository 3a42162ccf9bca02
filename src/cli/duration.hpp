// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/units.hpp"

namespace fmrx::cli {

/// A span of time, exact to the nanosecond: seconds (`90`, `1.5`), units (`90s`,
/// `1h30m`) or a clock (`1:30` is a minute and a half, `1:30:00`). Throws
/// fmrx::Error (usage) with a line that says what is accepted.
[[nodiscard]] std::chrono::nanoseconds parse_duration(std::string_view text);

/// Samples (or frames) that fill `duration` at `rate`, rounded to the nearest:
/// exactly 480000 frames for 10 s at 48 kHz.
[[nodiscard]] std::uint64_t samples_in(std::chrono::nanoseconds duration, SampleRate rate);

/// "0:09", "12:34", "1:02:03": whole seconds, rounded down.
[[nodiscard]] std::string format_duration(std::chrono::nanoseconds duration);

}  // namespace fmrx::cli
