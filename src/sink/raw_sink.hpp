// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>

#include "sink/sink.hpp"

namespace fmrx::sink {

/// Raw samples to a descriptor that somebody else owns, such as standard output: a pipe, a
/// socket or a file, but no terminal. Blocking mode stays as it is, since it is shared with
/// whoever else holds the descriptor. What arrives is always a whole number of frames. SIGPIPE
/// must be ignored.
[[nodiscard]] std::unique_ptr<Sink> make_raw_sink(int fd, std::string name, SampleFormat format);

/// The commands that play what a raw sink writes: "aplay -f S16_LE ...".
[[nodiscard]] std::string player_commands(SampleFormat format);

}  // namespace fmrx::sink
