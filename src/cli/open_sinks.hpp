// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "cli/options.hpp"
#include "sink/sink.hpp"

namespace fmrx::cli {

/// The sinks that the options name, not yet open.
[[nodiscard]] std::vector<std::unique_ptr<sink::Sink>> make_sinks(const Options& options);

}  // namespace fmrx::cli
