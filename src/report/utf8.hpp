// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "rds/text.hpp"

namespace fmrx::report {

/// A station's text for whoever reads it: always valid UTF-8 in one line, without control and
/// bidirectional characters. A line break becomes a blank, a soft hyphen goes, what cannot be read
/// becomes U+FFFD.
[[nodiscard]] std::string utf8_of(const rds::Text& text);

/// As above, without blanks at the end.
[[nodiscard]] std::string trimmed_utf8_of(const rds::Text& text);

}  // namespace fmrx::report
