// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace fmrx::source {

/// Bytes that nobody changes any more, wherever they lie: in a buffer, or in a mapped file. Whoever
/// holds some of them keeps them all.
class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(std::shared_ptr<const void> owner, std::span<const std::byte> bytes)
      : owner_(std::move(owner)), bytes_(bytes) {}
  /// All of a buffer, whose size may no longer change.
  explicit SharedBytes(std::shared_ptr<const std::vector<std::byte>> buffer)
      : owner_(buffer), bytes_(*buffer) {}

  [[nodiscard]] std::span<const std::byte> view() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  [[nodiscard]] SharedBytes part(std::size_t offset, std::size_t count) const {
    return {owner_, bytes_.subspan(offset, count)};
  }

 private:
  std::shared_ptr<const void> owner_;
  std::span<const std::byte> bytes_;
};

}  // namespace fmrx::source
