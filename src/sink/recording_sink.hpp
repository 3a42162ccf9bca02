// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/file_format.hpp"
#include "base/local_time.hpp"
#include "base/sample_format.hpp"
#include "recording/folder.hpp"
#include "recording/index.hpp"
#include "recording/keep.hpp"
#include "recording/name_template.hpp"
#include "recording/split.hpp"
#include "sink/blocking_writer.hpp"
#include "sink/recording_file.hpp"
#include "sink/sink.hpp"
#include "sink/station_notes.hpp"

namespace fmrx::sink {

/// What is recorded, and how.
struct RecordingOptions {
  FileFormat format = FileFormat::wav;
  SampleFormat samples = SampleFormat::s16;
  recording::NameTemplate name = recording::NameTemplate::fixed("recording.wav");
  bool overwrite = false;
  recording::Split split{};
  std::optional<recording::Keep> keep{};  ///< needs an index
  std::string index{};                    ///< its name in the folder; empty: none is kept
  bool live = false;                      ///< audio comes at the pace of the wall clock
  bool align = false;                     ///< fill in or leave out frames to follow the wall clock
  UtcTime start{};                        ///< of the first frame; a live recording finds it by itself
  std::optional<UtcTime> begin{};         ///< what came before is left out, to the frame
  std::optional<UtcTime> end{};           ///< and what comes after
  std::string frequency{};                ///< "92.7 MHz", for people
  std::string short_frequency{};          ///< "92.7M", for names
};

/// Called from the sink's thread when a file has its name; must return soon.
using FileFinished = std::function<void(const recording::FileRecord&)>;

/// Records into files of `folder`, which is opened by the sink's thread. They are written as
/// NAME.part, named when finished, true as far as they go after each second of audio, and on the
/// disk every few seconds. Up to 16 s of live audio wait while the disk stalls. Lost audio becomes
/// silence. Files are always finished, hurried or not.
[[nodiscard]] std::unique_ptr<BlockingWriter> make_recording_writer(
    recording::OpenFolder folder, RecordingOptions options, std::shared_ptr<StationNotes> notes,
    FileFinished finished, MakeEncoder encoder = make_encoder, Clocks clocks = {});

[[nodiscard]] std::unique_ptr<Sink> make_recording_sink(recording::OpenFolder folder,
                                                        RecordingOptions options,
                                                        std::shared_ptr<StationNotes> notes,
                                                        FileFinished finished);

}  // namespace fmrx::sink
