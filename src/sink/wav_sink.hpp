// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>

#include "sink/sink.hpp"

namespace fmrx::sink {

/// Records into a WAV file, which open() creates or empties. Its header is made true
/// after every second of audio and at the end: even a killed process leaves a file that plays. Up to 16 s of
/// audio wait while the disk stalls. The file is always finished, hurried or not.
[[nodiscard]] std::unique_ptr<Sink> make_wav_sink(std::string path, SampleFormat format);

}  // namespace fmrx::sink
