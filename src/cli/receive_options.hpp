// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "cli/configuration.hpp"
#include "cli/options.hpp"
#include "cli/words.hpp"

namespace fmrx::cli {

/// What `fmrx [options]` means. `words` are those of the command line; what the file says is added
/// to them. Throws fmrx::Error (usage).
[[nodiscard]] Options receive_options(Words& words, const Configuration& configuration);

// Options that other commands have, too.
[[nodiscard]] Verbosity read_verbosity(const Words& words);
[[nodiscard]] std::vector<RdsOutput> read_rds_outputs(const Words& words);

}  // namespace fmrx::cli
