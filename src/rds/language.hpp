// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace fmrx::rds {

/// The language of a code of IEC 62106 Annex J; empty where none is assigned.
[[nodiscard]] std::string_view language_name(std::uint8_t code);

}  // namespace fmrx::rds
