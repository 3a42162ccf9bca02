// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "source/read_input.hpp"

namespace fmrx::source {

/// A pipe or socket: the loop waits until there is something, and then takes what there is.
class PipeInput final : public ReadInput {
 public:
  using ReadInput::ReadInput;

  std::optional<std::uint64_t> size() const override { return std::nullopt; }
  std::size_t most_at_once() const override;
  rt::Task<void> finish() override { co_return; }

 private:
  rt::Task<std::size_t> read(Buffer buffer, std::size_t from) override;
  rt::Task<bool> skip_unread(std::uint64_t bytes) override;
};

}  // namespace fmrx::source
