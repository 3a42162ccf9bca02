// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace fmrx::rds {

/// The country, as two letters of ISO 3166 in lower case, that the first digit of a PI and an
/// extended country code name together (IEC 62106 Annex D); empty for none.
[[nodiscard]] std::string_view country_code(std::uint16_t pi, std::uint8_t extended_country_code);

/// Is it one where stations follow RBDS: the United States, Canada or Mexico?
[[nodiscard]] bool is_rbds_country(std::string_view country_code);

}  // namespace fmrx::rds
