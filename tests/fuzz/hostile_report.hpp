// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "report/station_report.hpp"

namespace fmrx::test {

/// What a group gives in each format, whoever sent it: one line or none, without control characters,
/// and JSON that every reader takes. Else the program aborts, which is what a fuzzer looks for.
inline void take_hostile(report::StationReport& report, const rds::Group& group) {
  report.take(group);
  for (const auto format : {report::Format::json, report::Format::hex, report::Format::events}) {
    const std::string lines = report.lines(format);
    const bool has_control = std::any_of(
        lines.begin(), lines.end(), [](char c) { return c != '\n' && static_cast<unsigned char>(c) < ' '; });
    if (has_control) std::abort();
    if (format == report::Format::hex) continue;
    for (std::size_t begin = 0; begin < lines.size();) {
      const std::size_t end = lines.find('\n', begin);
      if (end == std::string::npos || !nlohmann::json::accept(lines.substr(begin, end - begin))) std::abort();
      begin = end + 1;
    }
  }
}

}  // namespace fmrx::test
