// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>

#include "base/sample_format.hpp"
#include "base/units.hpp"
#include "sink/sink.hpp"

namespace fmrx::sink {

/// The multiplex into one WAV file, one channel at `rate`. While it is written it is PATH.part, and
/// true as far as it goes after each second. What was lost becomes silence, so that its time runs on.
[[nodiscard]] std::unique_ptr<Sink> make_multiplex_file_sink(std::string path, SampleFormat samples,
                                                             SampleRate rate, bool overwrite,
                                                             std::string comment);

}  // namespace fmrx::sink
