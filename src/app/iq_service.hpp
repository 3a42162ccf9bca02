// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "base/error.hpp"
#include "cli/options.hpp"
#include "rt/task.hpp"
#include "sink/iq_recording.hpp"
#include "source/source.hpp"

namespace fmrx::app {

/// --iq: records what the source yields. What goes wrong is said once, and the radio plays on.
class IqService {
 public:
  /// The source must be open, and outlive it.
  IqService(const cli::Options& options, const source::Source& source);

  [[nodiscard]] rt::Task<void> open();  ///< throws fmrx::Error (output)
  [[nodiscard]] rt::Task<void> write(const source::IqBlock& block);
  [[nodiscard]] rt::Task<void> finish();

  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  [[nodiscard]] const std::string& name() const { return recording_.name(); }
  /// Because the disk was too slow.
  [[nodiscard]] std::uint64_t samples_dropped() const { return recording_.samples_dropped(); }

 private:
  const source::Source& source_;
  sink::IqRecording recording_;
  std::uint64_t lost_by_source_ = 0;  ///< as far as they are listed
  std::optional<Error> failure_;
};

}  // namespace fmrx::app
