// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/error.hpp"
#include "cli/options.hpp"
#include "rt/signals.hpp"
#include "rt/task.hpp"

namespace fmrx::cli {

struct SessionEnd {
  ExitStatus status = ExitStatus::done;
  bool left = false;  ///< because a signal asked for it
};

/// `fmrx --freq 92.7M`: from the open source to the last sample delivered. The first of
/// `signals` asks it to leave, the second aborts. Throws fmrx::Error when something cannot
/// be opened; what fails later is logged and told by the status.
[[nodiscard]] rt::Task<SessionEnd> receive(const Options& options, rt::Signals& signals);

}  // namespace fmrx::cli
