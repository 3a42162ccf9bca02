// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "cli/option_table.hpp"

// What the shells complete: commands, options and their values, made from the
// option tables. Devices, gains and sound cards are asked of the very program
// that stands on the command line.

namespace fmrx::cli {

[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();

/// The last word of a command's name: "fmrx sim" is `sim`.
[[nodiscard]] std::string_view short_name(const CommandTable& table);

/// The word by which the scripts know a kind of values.
[[nodiscard]] std::string_view word_of(Values values);

}  // namespace fmrx::cli
