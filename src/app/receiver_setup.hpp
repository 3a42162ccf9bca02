// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "cli/options.hpp"
#include "dsp/fm_receiver.hpp"
#include "source/source.hpp"

namespace fmrx::app {

/// The station as the user would name it.
[[nodiscard]] std::string station_name(const cli::Options& options, const source::SourceInfo& source);

/// Of the receiver for the station that `options` ask for, in what `source` yields.
[[nodiscard]] dsp::ReceiverConfig receiver_config(const cli::Options& options,
                                                  const source::SourceInfo& source);

}  // namespace fmrx::app
