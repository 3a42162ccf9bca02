// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/error.hpp"
#include "cli/options.hpp"

namespace fmrx::app {

/// `fmrx sim`: writes what the simulator plays, as programme and as IQ, or lists its band.
/// Throws fmrx::Error.
ExitStatus simulate(const cli::SimOptions& options);

}  // namespace fmrx::app
