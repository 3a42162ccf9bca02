// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace fmrx::recording {

/// When the next file begins. Lengths that divide a day mean the local clock: "1h" is each full
/// hour; others count from the beginning. No file becomes larger than `bytes`.
struct Split {
  std::optional<std::chrono::nanoseconds> length{};
  std::optional<std::uint64_t> bytes{};

  [[nodiscard]] bool any() const { return length || bytes; }
  [[nodiscard]] bool is_on_clock() const {
    using namespace std::chrono_literals;
    return length && *length >= 1s && *length % 1s == 0s && 24h % *length == 0s;
  }
};

}  // namespace fmrx::recording
