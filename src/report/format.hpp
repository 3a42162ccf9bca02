// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace fmrx::report {

/// How groups are written for programs.
enum class Format : std::uint8_t {
  json,    ///< a line of JSON for each group
  hex,     ///< its blocks, as RDS Spy writes them
  events,  ///< a line of JSON for each change of what the station says
};

}  // namespace fmrx::report
