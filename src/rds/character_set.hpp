// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace fmrx::rds {

/// The three code tables of PS, RadioText and PTYN (IEC 62106 Annex E).
enum class CharacterSet : std::uint8_t {
  g0,  ///< E.1: Latin, the default
  g1,  ///< E.2: Latin, Cyrillic and Greek
  g2,  ///< E.3: Latin, Arabic, Hebrew, Cyrillic and Greek
};

/// The character as Unicode; a blank where the table has none, and for control codes.
[[nodiscard]] char16_t to_unicode(std::uint8_t code, CharacterSet set);

/// The table that a pair of characters in a PS or RadioText selects (3.1.5.2: SI,SI; SO,SO;
/// ESC,n), if it is such a pair.
[[nodiscard]] std::optional<CharacterSet> selected_character_set(std::uint16_t pair);

}  // namespace fmrx::rds
