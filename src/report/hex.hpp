// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "rds/group.hpp"

namespace fmrx::report {

/// "3ABC": `digits` digits, upper case.
[[nodiscard]] std::string hex(unsigned value, unsigned digits = 4);

/// A group as RDS Spy writes it: "3ABC E751 ---- 3401".
[[nodiscard]] std::string hex_line(const rds::Group& group);

}  // namespace fmrx::report
