// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/iq.hpp"
#include "base/units.hpp"
#include "rt/task.hpp"
#include "rt/workers.hpp"
#include "source/source.hpp"

namespace fmrx::source {

/// What the user says of a recording. Whatever is given here wins over what the recording
/// says of itself.
struct RecordingOptions {
  std::optional<IqFormat> format;
  std::optional<SampleRate> rate;
  std::optional<Hertz> centre;
  bool realtime = false;              ///< at the pace at which it was recorded
  std::chrono::nanoseconds start{0};  ///< begin so far into it
};

/// Opens a recording: raw IQ or WAV, a regular file or a named pipe.
///
/// WAV is known by its first bytes; raw formats by option or by extension. Rate and centre
/// frequency come from the options, the WAV header or the file's name, in this order.
/// Throws fmrx::Error: usage where an option is missing or wrong, source for the rest.
/// `workers` must outlive the source.
[[nodiscard]] rt::Task<std::unique_ptr<Source>> open_file(std::string path, RecordingOptions options,
                                                          rt::Workers& workers);

/// Opens standard input: a pipe, a socket or a file. A terminal is refused. What open_file()
/// takes from the name must come from the options or a WAV header.
[[nodiscard]] rt::Task<std::unique_ptr<Source>> open_stdin(RecordingOptions options, rt::Workers& workers);

}  // namespace fmrx::source
