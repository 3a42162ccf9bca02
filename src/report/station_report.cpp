// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/station_report.hpp"

#include "report/hex.hpp"
#include "report/json.hpp"

namespace fmrx::report {

void StationReport::take(const rds::Group& group,
                         std::optional<std::chrono::system_clock::time_point> received) {
  content_ = &station_.take(group);
  received_ = received;
  events_ = teller_.changes(station_.facts(), group.time, received);
}

std::string StationReport::lines(Format format) const {
  std::string lines;
  if (content_ == nullptr) return lines;
  switch (format) {
    case Format::json:
      return json_line(*content_, received_) + '\n';
    case Format::hex:
      return hex_line(content_->group) + '\n';
    case Format::events:
      for (const Event& event : events_) lines += event.line;
      return lines;
  }
  return lines;
}

}  // namespace fmrx::report
