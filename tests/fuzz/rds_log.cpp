// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// A log of groups that anybody may have written.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/hostile_report.hpp"
#include "report/hex_log.hpp"

using namespace fmrx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  report::HexLogReader reader;
  report::StationReport report(rds::SystemChoice::automatic);
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    if (const auto group = reader.read(text.substr(0, length))) test::take_hostile(report, *group);
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return 0;
}
