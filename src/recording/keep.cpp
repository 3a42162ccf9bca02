// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/keep.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "recording/index.hpp"

namespace fmrx::recording {

namespace {

struct KeptFile {
  IndexedFile entry;
  std::uint64_t bytes;
};

std::vector<KeptFile> files_oldest_first(Folder& folder, const std::string& index_name) {
  std::vector<KeptFile> files;
  for (IndexedFile& entry : read_index(folder.read(index_name).value_or(""))) {
    // Somebody may have moved it, or put something else in its place.
    if (const auto bytes = folder.size_of(entry.file)) files.push_back({std::move(entry), *bytes});
  }
  std::ranges::sort(files, {},
                    [](const KeptFile& file) { return std::tie(file.entry.end, file.entry.file); });
  return files;
}

}  // namespace

void delete_old_files(Folder& folder, const std::string& index_name, const Keep& keep, UtcTime now) {
  const std::vector<KeptFile> files = files_oldest_first(folder, index_name);
  std::uint64_t total_bytes = 0;
  for (const KeptFile& file : files) total_bytes += file.bytes;
  for (const KeptFile& file : files) {
    const bool too_old = keep.age && now - file.entry.end > *keep.age;
    const bool too_many = keep.bytes && total_bytes > *keep.bytes;
    if (!too_old && !too_many) return;
    folder.remove(file.entry.file);
    folder.append_line(index_name, deletion_line(file.entry.file, now));
    total_bytes -= file.bytes;
  }
}

}  // namespace fmrx::recording
