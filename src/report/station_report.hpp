// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "rds/station.hpp"
#include "report/events.hpp"
#include "report/format.hpp"

namespace fmrx::report {

/// A station's groups, decoded, as lines for programs.
class StationReport {
 public:
  explicit StationReport(rds::SystemChoice system) : station_(system) {}
  StationReport(const StationReport&) = delete;
  StationReport& operator=(const StationReport&) = delete;

  /// `received` is the clock on the wall, where there is one.
  void take(const rds::Group& group, std::optional<std::chrono::system_clock::time_point> received = {});

  /// What the last group gives in this format: lines with their ends, maybe none.
  [[nodiscard]] std::string lines(Format format) const;

  /// What changed with the last group.
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }

  [[nodiscard]] const rds::StationFacts& facts() const { return station_.facts(); }

 private:
  rds::Station station_;
  const rds::GroupContent* content_ = nullptr;
  std::optional<std::chrono::system_clock::time_point> received_;
  EventTeller teller_;
  std::vector<Event> events_;
};

}  // namespace fmrx::report
