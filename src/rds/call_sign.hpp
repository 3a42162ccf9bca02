// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fmrx::rds {

/// A North American call sign, three or four letters.
struct CallSign {
  std::array<char, 4> letters{};
  std::uint8_t size = 0;

  [[nodiscard]] std::string_view view() const { return {letters.data(), size}; }
};

/// The call sign that a PI of the United States stands for (NRSC-4-B Annex D.7). Nothing
/// where it stands for none: national networks, Canada and Mexico.
[[nodiscard]] std::optional<CallSign> call_sign(std::uint16_t pi);

}  // namespace fmrx::rds
