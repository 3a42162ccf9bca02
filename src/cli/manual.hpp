// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace fmrx::cli {

/// The manual page fmrx(1) in the man(7) language, made from the option tables.
/// `date` is that of the release, as 2026-11-21.
[[nodiscard]] std::string manual_page(std::string_view version, std::string_view date);

}  // namespace fmrx::cli
