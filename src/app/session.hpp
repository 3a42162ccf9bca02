// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/supervisor.hpp"
#include "base/error.hpp"
#include "cli/options.hpp"
#include "rt/task.hpp"

namespace fmrx::app {

struct SessionEnd {
  ExitStatus status = ExitStatus::done;
  bool left = false;  ///< because a signal asked for it
};

/// `fmrx --freq 92.7M`: from the open source to the last sample delivered. The first signal
/// that asks it to leave is obeyed in order, the second at once. Throws fmrx::Error when something cannot
/// be opened; what fails later is logged and told by the status.
[[nodiscard]] rt::Task<SessionEnd> receive(const cli::Options& options, const Supervisor& supervisor);

}  // namespace fmrx::app
