// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/error.hpp"
#include "cli/options.hpp"

namespace fmrx::app {

/// `fmrx rds`: decodes what a file holds, as live reception does. Blocks until the file ends or nobody
/// reads the result any more. Throws fmrx::Error where the file cannot be read, or nothing in it is RDS.
[[nodiscard]] ExitStatus decode_rds(const cli::RdsOptions& options);

}  // namespace fmrx::app
