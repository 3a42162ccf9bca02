// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace fmrx::sink {

/// Looking for sound cards, ALSA and JACK write some 60 lines to standard error about those
/// that are not there. This keeps them silent, in the whole process.
void silence_sound_libraries() noexcept;

}  // namespace fmrx::sink
