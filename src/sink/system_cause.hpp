// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace fmrx::sink {

/// Why writing failed, in words that fit behind "cannot write x.wav: ".
[[nodiscard]] std::string system_cause(int error_number);

}  // namespace fmrx::sink
