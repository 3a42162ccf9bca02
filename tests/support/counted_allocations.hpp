// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace fmrx::test {

/// How often this program has called operator new. It must be built with
/// counted_allocations.cpp, which replaces that operator.
[[nodiscard]] std::size_t allocations();

}  // namespace fmrx::test
