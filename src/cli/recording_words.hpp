// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/file_format.hpp"
#include "recording/keep.hpp"
#include "recording/split.hpp"

namespace fmrx::cli {

/// The format of that name: "raw", "wav", "flac", "opus", "ogg" (Vorbis) or "mp3". Throws
/// fmrx::Error (usage) for others, as the rest here does.
[[nodiscard]] FileFormat parse_file_format(std::string_view text);

/// The format that a file's ending names, in upper or lower case; nothing for others.
[[nodiscard]] std::optional<FileFormat> format_of_ending(std::string_view path);

/// The usual ending, with its dot.
[[nodiscard]] std::string ending_of(FileFormat format);

/// "1h", "90m" (a length) or "500M", "2G" (a size, in units of 1000; capital letters).
[[nodiscard]] recording::Split parse_split(std::string_view text);

/// "30d", "12h" (an age) or "200G" (a size of all files together).
[[nodiscard]] recording::Keep parse_keep(std::string_view text);

}  // namespace fmrx::cli
