// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace fmrx {

/// `text` on one line that is safe to show on a terminal. Printable UTF-8 stays
/// as it is; control characters (C0, DEL, C1), bidirectional overrides and bytes
/// that are no UTF-8 become \xNN. File names and what a station sends come from
/// anyone, and neither may move the cursor.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace fmrx
