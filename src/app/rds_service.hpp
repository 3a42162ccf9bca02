// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/line_output.hpp"
#include "base/error.hpp"
#include "cli/options.hpp"
#include "rds/group.hpp"
#include "report/station_report.hpp"
#include "rt/channel.hpp"
#include "rt/task.hpp"

namespace fmrx::app {

/// What a station says while it is received: decodes its groups, and writes them where the user wants them.
class RdsService {
 public:
  /// `on_event` is told each change of what the station says, beside the outputs.
  RdsService(const cli::Options& options, std::function<void(const report::Event&)> on_event);

  /// Opens all outputs. Throws fmrx::Error where one cannot be opened.
  [[nodiscard]] rt::Task<void> open();

  /// Takes groups until the channel's end, and returns when all is written. A `live` station waits for no
  /// output: what one is too slow for is dropped. One that fails ends alone: it is logged, and listed
  /// in failures().
  [[nodiscard]] rt::Task<void> run(rt::Channel<rds::Group>& groups, bool live);

  /// The user waits: what readers do not take is left out.
  void hurry() noexcept;

  /// Files are opened anew, by their paths.
  void begin_new_files() noexcept;

  [[nodiscard]] const rds::StationFacts& facts() const { return report_.facts(); }
  /// There were outputs, and each has lost its reader or failed.
  [[nodiscard]] bool nobody_reads() const;
  [[nodiscard]] bool writes_to_terminal() const;
  [[nodiscard]] const std::vector<Error>& failures() const { return failures_; }

  struct Loss {
    std::string output;
    std::uint64_t lines;
  };
  [[nodiscard]] std::vector<Loss> losses() const;

 private:
  struct Output {
    report::Format format;
    std::unique_ptr<LineOutput> lines;
  };

  rt::Task<void> finish(LineOutput& output);

  report::StationReport report_;
  std::function<void(const report::Event&)> on_event_;
  std::vector<Output> outputs_;
  std::vector<Error> failures_;
};

}  // namespace fmrx::app
