// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/units.hpp"
#include "sink/audio_encoder.hpp"

namespace fmrx::sink {

struct WavFormat {
  SampleFormat samples = SampleFormat::s16;
  SampleRate rate = kAudioRate;
  unsigned channels = kAudioChannels;
};

/// The header of a WAV file up to its first sample. Its length depends on the sample format
/// alone, so that it can be replaced in place. Odd `data_bytes` are to
/// be followed by one that pads them.
///
/// Up to 4 GiB it is RIFF with a JUNK chunk; beyond, that chunk becomes ds64 and the file RF64
/// (EBU Tech 3306). A bext chunk (EBU Tech 3285) and INFO texts carry the tags.
[[nodiscard]] std::vector<std::byte> wav_file_header(const WavFormat& format, const Tags& tags,
                                                     std::uint64_t data_bytes);

/// The header for a pipe: no tags, and lengths of 0xFFFFFFFF, which players take as "to the end".
[[nodiscard]] std::vector<std::byte> wav_pipe_header(const WavFormat& format);

}  // namespace fmrx::sink
