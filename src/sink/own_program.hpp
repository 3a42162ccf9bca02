// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace fmrx::sink {

/// What to execute to get this program once more; empty where the system does not tell.
[[nodiscard]] std::string own_program();

}  // namespace fmrx::sink
