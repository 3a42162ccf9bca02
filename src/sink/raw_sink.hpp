// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>

#include "base/file_format.hpp"
#include "sink/sink.hpp"

namespace fmrx::sink {

/// Samples to a descriptor that somebody else owns, such as standard output: a pipe, a
/// socket or a file, but no terminal. Blocking mode stays as it is, since it is shared with
/// whoever else holds the descriptor. What arrives is always a whole number of frames. SIGPIPE
/// must be ignored. Another `format` than raw is written in the form that pipes need: its header
/// leaves the length open.
[[nodiscard]] std::unique_ptr<Sink> make_raw_sink(int fd, std::string name, SampleFormat samples,
                                                  FileFormat format = FileFormat::raw);

/// The same into a named pipe, which somebody must have open, or into a device.
[[nodiscard]] std::unique_ptr<Sink> make_pipe_sink(std::string path, FileFormat format, SampleFormat samples);

/// The multiplex at `rate`, raw, one channel, to such a descriptor.
[[nodiscard]] std::unique_ptr<Sink> make_raw_multiplex_sink(int fd, std::string name, SampleFormat samples,
                                                            SampleRate rate);

/// The commands that play what a raw sink writes: "aplay -f S16_LE ...".
[[nodiscard]] std::string player_commands(SampleFormat format);

}  // namespace fmrx::sink
