// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "rt/task.hpp"
#include "rt/workers.hpp"

namespace fmrx::source {

using ByteBuffer = std::shared_ptr<std::vector<std::byte>>;

/// Memory that is filled by one read, in order, and handed on in pieces.
class Batch {
 public:
  explicit Batch(std::vector<ByteBuffer> pieces) : pieces_(std::move(pieces)) {}

  [[nodiscard]] const std::vector<ByteBuffer>& pieces() const { return pieces_; }

 private:
  std::vector<ByteBuffer> pieces_;
};

/// The bytes of a file or pipe, in order, read without blocking the loop.
class ByteInput {
 public:
  ByteInput() = default;
  ByteInput(const ByteInput&) = delete;
  ByteInput& operator=(const ByteInput&) = delete;
  virtual ~ByteInput() = default;

  /// For messages: "x.cu8", "standard input".
  [[nodiscard]] virtual const std::string& name() const = 0;

  /// How many bytes there were from here to the end when it was opened, where known.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;

  /// How many bytes are worth asking for at a time.
  [[nodiscard]] virtual std::size_t most_at_once() const = 0;

  /// Fills a batch, whose first `from` bytes are taken already. Gives how many bytes came;
  /// 0 only at the end. Throws fmrx::Error.
  [[nodiscard]] virtual rt::Task<std::size_t> read(Batch batch, std::size_t from) = 0;

  /// Passes over so many bytes. False: it ends before.
  [[nodiscard]] virtual rt::Task<bool> skip(std::uint64_t bytes) = 0;
};

/// What path leads to, whatever kind of file it is. Neither a disk that hangs nor a named
/// pipe without a writer holds up the loop.
[[nodiscard]] rt::Task<std::unique_ptr<ByteInput>> open_bytes(std::string path, rt::Workers& workers);

/// Descriptor 0, whose flags are left as they are: others share them.
[[nodiscard]] std::unique_ptr<ByteInput> standard_input_bytes(rt::Workers& workers);

}  // namespace fmrx::source
