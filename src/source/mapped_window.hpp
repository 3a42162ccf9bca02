// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace fmrx::source {

/// A stretch of a file in memory, without a copy. What the file no longer has when it is looked at
/// (somebody has cut it short, its disk fails) is zeros: the SIGBUS that would end the program is
/// caught for these addresses, and for no others.
class MappedWindow {
 public:
  /// Waits for the disk. Null where it cannot be had: then it must be read, which tells why.
  [[nodiscard]] static std::shared_ptr<const MappedWindow> map(int fd, std::uint64_t offset,
                                                               std::size_t size);

  MappedWindow(std::byte* pages, std::size_t page_bytes, std::span<const std::byte> bytes, std::size_t guard)
      : pages_(pages), page_bytes_(page_bytes), bytes_(bytes), guard_(guard) {}
  MappedWindow(const MappedWindow&) = delete;
  MappedWindow& operator=(const MappedWindow&) = delete;
  ~MappedWindow();

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::byte* pages_;
  std::size_t page_bytes_;
  std::span<const std::byte> bytes_;
  std::size_t guard_;  ///< which one
};

}  // namespace fmrx::source
