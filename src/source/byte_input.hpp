// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rt/task.hpp"
#include "rt/workers.hpp"
#include "source/shared_bytes.hpp"

namespace fmrx::source {

/// The bytes of a file or pipe, in order, got without blocking the loop. All throw fmrx::Error.
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

  /// The next bytes as far as to have `count` of them, or all there are. They are not passed over:
  /// next() gives them again.
  [[nodiscard]] virtual rt::Task<std::vector<std::byte>> look_at(std::size_t count) = 0;

  /// Passes over so many bytes. False: it ends before.
  [[nodiscard]] virtual rt::Task<bool> skip(std::uint64_t bytes) = 0;

  /// What comes next, in whole units of `unit` bytes, and at the very end what is left of one: `bytes` of
  /// them from a file, as long as it has them, and from a pipe what is there. Nothing at the end alone.
  [[nodiscard]] virtual rt::Task<SharedBytes> next(std::size_t bytes, std::size_t unit) = 0;

  /// To be asked when enough has come: throws if a part of it was not there any more.
  [[nodiscard]] virtual rt::Task<void> finish() = 0;
};

/// What path leads to, whatever kind of file it is. Neither a disk that hangs nor a named
/// pipe without a writer holds up the loop.
[[nodiscard]] rt::Task<std::unique_ptr<ByteInput>> open_bytes(std::string path, rt::Workers& workers);

/// Descriptor 0, whose flags are left as they are: others share them.
[[nodiscard]] std::unique_ptr<ByteInput> standard_input_bytes(rt::Workers& workers);

}  // namespace fmrx::source
