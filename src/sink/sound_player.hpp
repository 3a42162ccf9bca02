// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>

namespace fmrx::sink {

/// What a SoundProcess does, with the words behind kSoundProcessWord:
///
///   list            a line for each card: device, index, name, host interface, rate,
///                   "default" or "other"; then it ends
///   play CARD MS    plays what is in the Playback on the card of that name or index (empty: the
///                   default one), whose own buffers shall hold MS milliseconds. Lines: opened,
///                   rate, name; or failed, why; later ended, when the card has gone
///
/// Standard input's end ends it. Gives the exit status.
int sound_process_main(std::span<const std::string> words);

}  // namespace fmrx::sink
