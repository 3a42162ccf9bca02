// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fmrx::project {

/// What is wrong, as "LINE: WHAT", in order of lines. Empty: nothing.
using Findings = std::vector<std::string>;

/// Who may include whom. `path` is the file's path from the checkout, as "src/dsp/fir.cpp".
[[nodiscard]] Findings check_includes(std::string_view path, std::string_view text);

/// Coroutine shapes that GCC 12.2 miscompiles, or whose closure dies before the coroutine.
[[nodiscard]] Findings check_coroutine_shapes(std::string_view text);

/// The two SPDX lines, at the top or right below a "#!" line.
[[nodiscard]] Findings check_licence_header(std::string_view text);

/// Absolute paths that not every system has.
[[nodiscard]] Findings check_paths(std::string_view text);

/// A file's text by its path from the checkout; nothing if there is none.
using ReadPage = std::function<std::optional<std::string>(const std::string& path)>;

/// Links of a Markdown page that lead to no file of the project, or to no heading of it. `path` is the
/// page's.
[[nodiscard]] Findings check_links(std::string_view path, std::string_view text, const ReadPage& read);

/// `text` with comments and the contents of literals blanked; length and lines stay.
[[nodiscard]] std::string without_comments_and_literals(std::string_view text);

}  // namespace fmrx::project
