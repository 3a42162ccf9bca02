// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace fmrx::rds {

/// Identifications (AID) of the open data applications that fmrx decodes.
inline constexpr std::uint16_t kRadioTextPlus = 0x4BD7;
inline constexpr std::uint16_t kRadioTextPlusForEnhanced = 0x4BD8;
inline constexpr std::uint16_t kEnhancedRadioText = 0x6552;
inline constexpr std::uint16_t kTrafficMessages = 0xCD46;
inline constexpr std::uint16_t kTrafficMessagesTest = 0xCD47;

/// What an application identification is called; empty where it is not known.
[[nodiscard]] std::string_view application_name(std::uint16_t identification);

}  // namespace fmrx::rds
