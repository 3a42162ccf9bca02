// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace fmrx::source {

/// Bytes of a buffer that nobody changes any more. Whoever holds some of them keeps them all.
class SharedBytes {
 public:
  using Buffer = std::shared_ptr<const std::vector<std::byte>>;

  SharedBytes() = default;
  /// All of a buffer, whose size may no longer change.
  explicit SharedBytes(Buffer buffer) : buffer_(std::move(buffer)), bytes_(*buffer_) {}

  [[nodiscard]] std::span<const std::byte> view() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  [[nodiscard]] SharedBytes part(std::size_t offset, std::size_t count) const {
    return {buffer_, bytes_.subspan(offset, count)};
  }

 private:
  SharedBytes(Buffer buffer, std::span<const std::byte> bytes) : buffer_(std::move(buffer)), bytes_(bytes) {}

  Buffer buffer_;
  std::span<const std::byte> bytes_;
};

}  // namespace fmrx::source
