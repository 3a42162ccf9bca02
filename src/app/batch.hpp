// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/supervisor.hpp"
#include "base/error.hpp"
#include "cli/options.hpp"
#include "rt/task.hpp"

namespace fmrx::app {

/// `fmrx batch JOBS.toml`: runs the jobs, each at its time, and reports each with its status. Gives
/// the first status that is not done, or missed if one could not be met. Throws fmrx::Error if the
/// file cannot be read.
[[nodiscard]] rt::Task<ExitStatus> run_job_file(const cli::BatchOptions& options,
                                                const Supervisor& supervisor);

/// `fmrx batch FILE...`: a process of its own for each IQ file, as many at once as asked for.
/// Blocks until the last has ended. Gives the first status that is not done.
[[nodiscard]] ExitStatus run_iq_files(const cli::BatchOptions& options);

}  // namespace fmrx::app
