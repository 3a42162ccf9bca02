// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fmrx::recording {

/// Where the bytes of a file go: to a disk, where one may go back, or into a pipe. Functions
/// throw std::system_error.
class ByteOutput {
 public:
  ByteOutput() = default;
  ByteOutput(const ByteOutput&) = delete;
  ByteOutput& operator=(const ByteOutput&) = delete;
  virtual ~ByteOutput() = default;

  /// Appends all of `bytes`. When it throws, a part of them may be there: see size().
  virtual void write(std::span<const std::byte> bytes) = 0;

  /// Bytes that have been appended.
  [[nodiscard]] virtual std::uint64_t size() const = 0;

  /// Whether the next two may be called.
  [[nodiscard]] virtual bool can_go_back() const = 0;
  /// Replaces bytes that are there.
  virtual void write_at(std::uint64_t offset, std::span<const std::byte> bytes) = 0;
  /// Drops what lies behind the first `size` bytes.
  virtual void truncate(std::uint64_t size) = 0;
};

}  // namespace fmrx::recording
