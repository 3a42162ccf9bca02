// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "source/read_input.hpp"

namespace fmrx::source {

/// A file on a disk: reading it blocks, whatever its flags say, so workers do what the page cache does
/// not have.
class DiskInput final : public ReadInput {
 public:
  /// `end`: where the file ends, where known.
  DiskInput(std::shared_ptr<const NamedDescriptor> file, std::optional<std::uint64_t> end,
            rt::Workers& workers);

  std::optional<std::uint64_t> size() const override { return size_; }
  std::size_t most_at_once() const override;
  rt::Task<void> finish() override;

 private:
  rt::Task<std::size_t> read(Buffer buffer, std::size_t from) override;
  rt::Task<bool> skip_unread(std::uint64_t bytes) override;

  std::optional<std::uint64_t> end_;
  std::optional<std::uint64_t> size_;
  rt::Workers& workers_;
};

}  // namespace fmrx::source
