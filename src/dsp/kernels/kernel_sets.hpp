// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "dsp/kernels/kernels.hpp"

namespace fmrx::dsp {

/// Those that this processor can run, the plainest first.
[[nodiscard]] std::span<const Kernels* const> available_kernels();

/// One of them by its name; null if it is not there.
[[nodiscard]] const Kernels* find_kernels(std::string_view name);

}  // namespace fmrx::dsp
