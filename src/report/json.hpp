// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "rds/group_content.hpp"

namespace fmrx::report {

/// A group and what it told, as one line of JSON without its end: always valid UTF-8. Names and forms are
/// those of redsea, where it has them. `received` is the clock on the wall, where there is one.
[[nodiscard]] std::string json_line(const rds::GroupContent& content,
                                    std::optional<std::chrono::system_clock::time_point> received = {});

}  // namespace fmrx::report
