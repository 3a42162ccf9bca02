// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "recording/folder.hpp"

namespace fmrx::recording {

/// How many frames the file behind a descriptor has; nothing if that cannot be told.
using CountFrames = std::function<std::optional<std::uint64_t>(int fd)>;

/// Files that the index says were begun, and that a kill or a power cut left as NAME.part, get a name
/// and a line of the index. Throws std::system_error.
void recover_unfinished(Folder& folder, const std::string& index_name, const CountFrames& count_frames);

}  // namespace fmrx::recording
