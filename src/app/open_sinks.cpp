// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/open_sinks.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "cli/frequency.hpp"
#include "cli/recording_words.hpp"
#include "recording/folder.hpp"
#include "sink/multiplex_file_sink.hpp"
#include "sink/null_sink.hpp"
#include "sink/portaudio_sink.hpp"
#include "sink/raw_sink.hpp"

namespace fmrx::app {

namespace {

constexpr const char* kDefaultName = "{freq}_{start:%Y-%m-%dT%H%M%S%z}";
constexpr const char* kFolderIndex = "index.jsonl";

bool is_pipe_or_device(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

/// "x_{start...}.wav" for "x.wav" that is split. Braces in the name stand for themselves.
recording::NameTemplate name_of_split_file(const std::string& leaf) {
  const std::filesystem::path path(leaf);
  return recording::NameTemplate::dated(path.stem().string() + "_", path.extension().string());
}

std::string short_frequency(const cli::Options& options) {
  std::string text = options.freq ? cli::format_frequency(*options.freq) : "";  // "92.7 MHz"
  std::erase(text, ' ');
  return text.ends_with("Hz") ? text.substr(0, text.size() - 2) : text;
}

std::unique_ptr<sink::Sink> make_recording(const cli::Output& output, const cli::Options& options,
                                           const RunFacts& facts, Sinks& sinks) {
  sink::RecordingOptions recording;
  recording.format = output.format;
  recording.samples = options.sample_format;
  recording.overwrite = options.overwrite;
  recording.split = options.split;
  recording.live = facts.live;
  recording.align = options.align;
  recording.start = facts.begin ? *facts.begin : utc_now();
  if (facts.live) recording.begin = facts.begin;
  recording.end = facts.end;
  recording.frequency = facts.station;
  recording.short_frequency = short_frequency(options);

  std::filesystem::path folder = output.path;
  const bool is_folder = output.kind == cli::OutputKind::folder;
  if (is_folder) {
    std::string pattern = options.name_pattern.empty() ? kDefaultName : options.name_pattern;
    if (!cli::format_of_ending(pattern)) pattern += cli::ending_of(output.format);
    recording.name = recording::NameTemplate(pattern);
    recording.index = kFolderIndex;
    recording.keep = options.keep;
  } else {
    const std::string leaf = folder.filename().string();
    folder = folder.has_parent_path() ? folder.parent_path() : std::filesystem::path(".");
    recording.name = options.split.any() ? name_of_split_file(leaf) : recording::NameTemplate::fixed(leaf);
    if (options.split.any() || options.index) recording.index = leaf + ".jsonl";
  }
  const auto open = [path = folder.string(), is_folder] { return recording::open_folder(path, is_folder); };
  sink::FileFinished finished;
  if (facts.file_finished) {
    finished = [folder, tell = facts.file_finished](const recording::FileRecord& file) {
      tell((folder / file.file).string(), file);
    };
  }
  sinks.notes.push_back(std::make_shared<sink::StationNotes>());
  return sink::make_recording_sink(open, std::move(recording), sinks.notes.back(), std::move(finished));
}

std::unique_ptr<sink::Sink> make_sound(const cli::Options& options, const RunFacts& facts) {
  sink::SoundConfig sound;
  sound.card = options.audio_device;
  sound.latency = options.latency;
  sound.latency_before = facts.receiver_delay;
  sound.live = facts.live || options.realtime;
  return sink::make_portaudio_sink(std::move(sound));
}

std::unique_ptr<sink::Sink> make_sink(const cli::Output& output, const cli::Options& options,
                                      const RunFacts& facts, Sinks& sinks) {
  switch (output.kind) {
    case cli::OutputKind::play:
      return make_sound(options, facts);
    case cli::OutputKind::standard_output:
      if (output.format == FileFormat::raw)
        log::debug("to hear it: " + sink::player_commands(options.sample_format));
      return sink::make_raw_sink(STDOUT_FILENO, "standard output", options.sample_format, output.format);
    case cli::OutputKind::file:
      if (is_pipe_or_device(output.path))
        return sink::make_pipe_sink(output.path, output.format, options.sample_format);
      return make_recording(output, options, facts, sinks);
    case cli::OutputKind::folder:
      return make_recording(output, options, facts, sinks);
    case cli::OutputKind::none:
      return sink::make_null_sink();
  }
  throw Error(ExitStatus::internal, "an output of no known kind");
}

std::unique_ptr<sink::Sink> make_multiplex_sink(const cli::Options& options, const RunFacts& facts) {
  if (options.mpx == "-")
    return sink::make_raw_multiplex_sink(STDOUT_FILENO, "standard output", options.sample_format,
                                         options.mpx_rate);
  return sink::make_multiplex_file_sink(options.mpx, options.sample_format, options.mpx_rate,
                                        options.overwrite,
                                        "multiplex of " + facts.station + ", full scale 100 kHz deviation");
}

}  // namespace

Sinks make_sinks(const cli::Options& options, const RunFacts& facts) {
  Sinks sinks;
  for (const cli::Output& output : options.outputs) {
    // Else nothing would end the run when the multiplex's reader has gone.
    if (output.kind == cli::OutputKind::none && !options.mpx.empty()) continue;
    sinks.all.push_back(make_sink(output, options, facts, sinks));
  }
  if (!options.mpx.empty()) sinks.multiplex = make_multiplex_sink(options, facts);
  return sinks;
}

}  // namespace fmrx::app
