// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "cli/option_table.hpp"

namespace fmrx::cli {

/// The help of a command, made from its table: at most 80 columns wide.
[[nodiscard]] std::string help_text(const CommandTable& table);

}  // namespace fmrx::cli
