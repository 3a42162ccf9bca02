// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/buffer_pool.hpp"
#include "source/byte_input.hpp"
#include "source/named_descriptor.hpp"

namespace fmrx::source {

/// An input that is read into buffers.
class ReadInput : public ByteInput {
 public:
  explicit ReadInput(std::shared_ptr<const NamedDescriptor> file) : file_(std::move(file)) {}

  const std::string& name() const override { return file_->name(); }
  rt::Task<std::vector<std::byte>> look_at(std::size_t count) override;
  rt::Task<bool> skip(std::uint64_t bytes) override;
  rt::Task<SharedBytes> next(std::size_t bytes, std::size_t unit) override;

 protected:
  using Buffer = BufferPool<std::byte>::Buffer;

  /// Puts bytes into the buffer from `from` on and says how many; 0 only at the end.
  [[nodiscard]] virtual rt::Task<std::size_t> read(Buffer buffer, std::size_t from) = 0;
  /// Passes over bytes that have not been read. False: it ends before.
  [[nodiscard]] virtual rt::Task<bool> skip_unread(std::uint64_t bytes) = 0;

  [[nodiscard]] const std::shared_ptr<const NamedDescriptor>& file() const { return file_; }
  [[nodiscard]] Buffer take_buffer(std::size_t bytes) { return pool_.take(bytes); }

 private:
  std::shared_ptr<const NamedDescriptor> file_;
  BufferPool<std::byte> pool_;
  std::vector<std::byte> ahead_;  ///< read, but not passed over
};

}  // namespace fmrx::source
