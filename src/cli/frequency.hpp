// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/units.hpp"

namespace fmrx::cli {

// Each parser takes all of `text` or throws fmrx::Error (usage) with a line that
// names the text and says what is accepted. None depends on the locale.

/// A positive frequency: `92.7M`, `92700k`, `92.7e6`, `92700000`, `92.7MHz`. A
/// bare number below 1000, such as `92.7`, is in MHz.
[[nodiscard]] Hertz parse_frequency(std::string_view text);

/// A signed distance between frequencies: `250k`, `-0.25M`, `-250000`, `0`. A
/// bare number other than 0 below 1000 is refused: it could be Hz, kHz or MHz.
[[nodiscard]] Hertz parse_offset(std::string_view text);

/// Samples a second, a whole number: `2.4M`, `256k`, `1024000`, `2.4e6`.
[[nodiscard]] SampleRate parse_rate(std::string_view text);

/// "92.7 MHz": to the hertz, without zeros behind the first decimal.
[[nodiscard]] std::string format_frequency(Hertz frequency);

/// "2.4 MS/s", "256 kS/s".
[[nodiscard]] std::string format_rate(SampleRate rate);

}  // namespace fmrx::cli
