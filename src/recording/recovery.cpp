// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/recovery.hpp"

#include <system_error>

#include "recording/index.hpp"

namespace fmrx::recording {

namespace {

/// As adopt_leftover(), but nothing where its folder has gone, or the index names a place outside.
std::optional<std::string> adopt(Folder& folder, const std::string& name) {
  try {
    return folder.adopt_leftover(name);
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

}  // namespace

void recover_unfinished(Folder& folder, const std::string& index_name, const CountFrames& count_frames) {
  for (const BegunFile& begun : read_unfinished(folder.read(index_name).value_or(""))) {
    const std::optional<std::string> file = adopt(folder, begun.file);
    if (!file) continue;
    const std::optional<std::uint64_t> frames = count_frames(folder.open(*file).get());
    const std::uint64_t bytes = folder.size_of(*file).value_or(0);
    folder.append_line(index_name, recovery_line(begun, *file, frames, bytes));
  }
}

}  // namespace fmrx::recording
