// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/error.hpp"
#include "cli/options.hpp"
#include "rt/task.hpp"

namespace fmrx::app {

/// `--list-devices`: a line for each dongle on standard output.
[[nodiscard]] rt::Task<ExitStatus> list_devices();

/// `--list-audio`: a line for each sound card on standard output.
[[nodiscard]] rt::Task<ExitStatus> list_audio();

/// `--gain list`: the gains of the chosen dongle, in dB.
[[nodiscard]] rt::Task<ExitStatus> list_gains(const cli::Options& options);

}  // namespace fmrx::app
