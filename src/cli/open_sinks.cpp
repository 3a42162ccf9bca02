// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/open_sinks.hpp"

#include <unistd.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "sink/null_sink.hpp"
#include "sink/portaudio_sink.hpp"
#include "sink/raw_sink.hpp"
#include "sink/wav_sink.hpp"

namespace fmrx::cli {

namespace {

std::unique_ptr<sink::Sink> make_sink(const Output& output, const Options& options) {
  switch (output.kind) {
    case OutputKind::play:
      return sink::make_portaudio_sink();
    case OutputKind::standard_output:
      log::debug("to hear it: " + sink::player_commands(options.sample_format));
      return sink::make_raw_sink(STDOUT_FILENO, "standard output", options.sample_format);
    case OutputKind::wav:
      return sink::make_wav_sink(output.path, options.sample_format);
    case OutputKind::none:
      return sink::make_null_sink();
  }
  throw Error(ExitStatus::internal, "an output of no known kind");
}

}  // namespace

std::vector<std::unique_ptr<sink::Sink>> make_sinks(const Options& options) {
  std::vector<std::unique_ptr<sink::Sink>> sinks;
  for (const Output& output : options.outputs) sinks.push_back(make_sink(output, options));
  return sinks;
}

}  // namespace fmrx::cli
