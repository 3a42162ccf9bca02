// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace fmrx::sink {

/// Frames of the recording that can be read from this descriptor; nothing if its format does not tell,
/// as of raw samples. Of MP3, about.
[[nodiscard]] std::optional<std::uint64_t> count_frames(int fd);

}  // namespace fmrx::sink
