// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/error.hpp"
#include "cli/options.hpp"
#include "rt/task.hpp"

namespace fmrx::app {

/// `fmrx doctor`: looks at dongle and sound card as a newcomer would have to, within half a
/// minute, and writes on standard output what is wrong and the command that mends it. Gives
/// `source` where the dongle is not usable, else `output` where sound is not.
[[nodiscard]] rt::Task<ExitStatus> diagnose(const cli::DoctorOptions& options);

}  // namespace fmrx::app
