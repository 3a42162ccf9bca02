// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace fmrx {

/// What audio is wrapped into. `raw` is samples and nothing else.
enum class FileFormat : std::uint8_t { raw, wav, flac, opus, vorbis, mp3 };

}  // namespace fmrx
