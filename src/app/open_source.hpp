// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "cli/options.hpp"
#include "rt/task.hpp"
#include "rt/workers.hpp"
#include "source/source.hpp"

namespace fmrx::app {

/// The source that the options name, open. Throws fmrx::Error (source).
[[nodiscard]] rt::Task<std::unique_ptr<source::Source>> open_source(const cli::Options& options,
                                                                    rt::Workers& workers);

}  // namespace fmrx::app
