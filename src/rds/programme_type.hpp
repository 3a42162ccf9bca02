// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace fmrx::rds {

/// Which of the two systems a station follows: RDS, or RBDS in North America. They differ in
/// the names of programme types and in what the PI says.
enum class System : std::uint8_t { rds, rbds };

/// Which system a station is decoded as: told by the user, or by the country it says it is in.
enum class SystemChoice : std::uint8_t { automatic, rds, rbds };

/// The name of a programme type (IEC 62106 Annex F; NRSC-4-B Annex F); empty where the system has none.
[[nodiscard]] std::string_view programme_type_name(std::uint8_t pty, System system);

}  // namespace fmrx::rds
