// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/file_format.hpp"
#include "base/sample_format.hpp"
#include "recording/folder.hpp"
#include "sink/audio_encoder.hpp"

namespace fmrx::sink {

/// make_encoder(), or what a test has instead.
using MakeEncoder = std::function<std::unique_ptr<AudioEncoder>(FileFormat, SampleFormat,
                                                                recording::ByteOutput&, const Tags&)>;

/// One file of a recording, from its first frame to its name. Functions throw what
/// recording::NewFile and AudioEncoder do; then only salvage() may be called.
class RecordingFile {
 public:
  /// Creates NAME.part in the folder; see recording::Folder::create(). `now` is of a clock that is
  /// never set.
  RecordingFile(recording::Folder& folder, const std::string& name, recording::Existing existing,
                std::chrono::nanoseconds now);

  /// Once, before anything is written.
  void begin(FileFormat format, SampleFormat samples, const Tags& tags, const MakeEncoder& make);
  [[nodiscard]] bool begun() const { return encoder_ != nullptr; }

  /// Whole frames, interleaved.
  void write(std::span<const float> samples);

  /// A second of audio came since the file was last made true.
  [[nodiscard]] bool update_is_due() const;

  /// Makes the file true as far as it goes, and every few seconds asks the disk to keep it. `now` is
  /// called for the time.
  void update(const Tags& tags, const std::function<std::chrono::nanoseconds()>& now);

  /// Completes the file and names it `wanted`, or nearly so. Gives the name.
  std::string finish(const Tags& tags, const std::string& wanted);

  /// After a failure: leaves a valid file of the frames that got through, named `wanted` if that can
  /// still be done, and gives its name; where none got through, deletes it.
  std::optional<std::string> salvage(const std::string& wanted);

  /// Deletes it, instead of finish().
  void discard() noexcept;

  [[nodiscard]] std::uint64_t frames() const { return frames_; }
  /// As far as the encoder gave them out.
  [[nodiscard]] std::uint64_t bytes() const { return file_ ? file_->size() : bytes_; }
  /// Samples that exceeded full scale.
  [[nodiscard]] std::uint64_t clipped() const { return encoder_ ? encoder_->clipped() : clipped_; }

 private:
  void end_encoding();

  std::unique_ptr<recording::NewFile> file_;  ///< until it has its name
  std::unique_ptr<AudioEncoder> encoder_;     ///< from begin() on, likewise
  std::uint64_t frames_ = 0;
  std::uint64_t true_frames_ = 0;
  std::chrono::nanoseconds synced_at_;
  std::uint64_t bytes_ = 0;    // when it was closed
  std::uint64_t clipped_ = 0;  // likewise
};

}  // namespace fmrx::sink
