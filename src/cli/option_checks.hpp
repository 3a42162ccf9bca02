// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "cli/option_table.hpp"
#include "cli/options.hpp"
#include "cli/words.hpp"

// Options that are right each for itself and wrong together. Each check throws fmrx::Error (usage).

namespace fmrx::cli {

/// The bit of the table's `sources` that stands for it.
[[nodiscard]] Sources bit(SourceKind kind);

/// What is typed means something for this source.
void check_options_suit_source(const Words& words, SourceKind source);

/// Of two that exclude each other, only one is given.
void refuse_excluded(const Words& words);

/// No two of them go to the same place.
void check_places(const std::vector<RdsOutput>& outputs);

/// All else of receiving; `options` is what `words` say.
void check_together(const Words& words, const Options& options);

}  // namespace fmrx::cli
