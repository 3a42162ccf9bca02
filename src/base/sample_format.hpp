// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace fmrx {

/// How a sample of audio is written to a file or pipe, little-endian.
enum class SampleFormat : std::uint8_t { s16, s24, f32 };

}  // namespace fmrx
