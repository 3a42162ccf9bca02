// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "source/mapped_window.hpp"
#include "source/read_input.hpp"

namespace fmrx::source {

/// A file on a disk: getting its bytes blocks, whatever its flags say, so workers do it. A file that
/// is our own and has a length is mapped, which saves the copy; where that fails it is read.
class DiskInput final : public ReadInput {
 public:
  /// `end`: where the file ends, where known.
  DiskInput(std::shared_ptr<const NamedDescriptor> file, std::optional<std::uint64_t> end,
            rt::Workers& workers);

  std::optional<std::uint64_t> size() const override { return size_; }
  std::size_t most_at_once() const override;
  rt::Task<SharedBytes> next(std::size_t unit) override;
  rt::Task<void> finish() override;

 private:
  rt::Task<std::size_t> read(Buffer buffer, std::size_t from) override;
  rt::Task<bool> skip_unread(std::uint64_t bytes) override;
  rt::Task<SharedBytes> map_next(std::size_t unit);

  std::optional<std::uint64_t> end_;
  std::optional<std::uint64_t> size_;
  rt::Workers& workers_;
  bool maps_;
  std::optional<std::uint64_t> mapped_to_;  ///< where the next window begins
};

}  // namespace fmrx::source
