// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "rds/clock_time.hpp"

namespace fmrx::report {

/// "09:05"
[[nodiscard]] std::string clock_text(unsigned hour, unsigned minute);

/// Local time and how far it is from UTC, by ISO 8601: "2026-01-01T13:00:00+01:00", or "...Z".
[[nodiscard]] std::string iso_text(const rds::ClockTime& time);

/// "2026-01-01T12:00:00.125Z"
[[nodiscard]] std::string utc_text(std::chrono::system_clock::time_point time);

}  // namespace fmrx::report
