// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "sink/sink.hpp"

namespace fmrx::sink {

/// Plays on the default sound card through PortAudio, some 100 ms behind what run() takes.
///
/// Sound servers freeze, and then every call of PortAudio hangs: all of them are made on one
/// thread, which may be left behind (rt::ForeignThread::left_behind()). A JACK server is not
/// started if JACK_NO_START_SERVER is set in the environment before any thread starts.
[[nodiscard]] std::unique_ptr<Sink> make_portaudio_sink();

}  // namespace fmrx::sink
