// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/local_time.hpp"
#include "recording/folder.hpp"

namespace fmrx::recording {

/// How much of what was recorded is kept.
struct Keep {
  std::optional<std::chrono::nanoseconds> age{};  ///< since a file's end
  std::optional<std::uint64_t> bytes{};           ///< of all files together
};

/// Deletes the oldest files that are too many or too old, and says so in the index. Only files of
/// the index are touched, whatever else lies in the folder. Throws std::system_error.
void delete_old_files(Folder& folder, const std::string& index_name, const Keep& keep, UtcTime now);

}  // namespace fmrx::recording
