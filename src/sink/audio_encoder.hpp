// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/file_format.hpp"
#include "base/local_time.hpp"
#include "base/sample_format.hpp"
#include "recording/byte_output.hpp"
#include "sink/sink.hpp"

namespace fmrx::sink {

/// What a file says of itself, in UTF-8. What is not known is empty.
struct Tags {
  std::string title;
  std::string artist;
  std::string comment;
  UtcTime start;
};

/// Turns audio into the bytes of a file format. Functions throw what the output throws, and
/// fmrx::Error where an encoder fails by itself; then only salvage() may be called.
class AudioEncoder {
 public:
  AudioEncoder() = default;
  AudioEncoder(const AudioEncoder&) = delete;
  AudioEncoder& operator=(const AudioEncoder&) = delete;
  virtual ~AudioEncoder() = default;

  /// Whole frames, interleaved.
  virtual void write(std::span<const float> samples) = 0;

  /// Makes the file true as far as it goes, and tells it what is known by now. Formats that cannot
  /// say it later ignore that.
  virtual void update(const Tags& tags) = 0;

  /// Writes the rest. Nothing may be called afterwards.
  virtual void finish() = 0;

  /// After a failure of the output: leaves a valid file of what got through, as far as the output
  /// allows, and says how many frames that is.
  virtual std::uint64_t salvage() noexcept = 0;

  /// Samples so far that exceeded full scale.
  [[nodiscard]] virtual std::uint64_t clipped() const = 0;
};

/// `output` must outlive it, and is empty; one that cannot go back gets a form for pipes, whose
/// header leaves the length open. `samples` counts for raw, wav and flac. Throws fmrx::Error
/// (output) if this build cannot write the format, and what the output throws.
[[nodiscard]] std::unique_ptr<AudioEncoder> make_encoder(FileFormat format, SampleFormat samples,
                                                         recording::ByteOutput& output, const Tags& tags);

[[nodiscard]] std::unique_ptr<AudioEncoder> make_pcm_encoder(SampleFormat samples,
                                                             recording::ByteOutput& output,
                                                             const StreamFormat& stream = {});
[[nodiscard]] std::unique_ptr<AudioEncoder> make_wav_encoder(SampleFormat samples,
                                                             recording::ByteOutput& output, const Tags& tags,
                                                             const StreamFormat& stream = {});
[[nodiscard]] std::unique_ptr<AudioEncoder> make_sndfile_encoder(FileFormat format, SampleFormat samples,
                                                                 recording::ByteOutput& output,
                                                                 const Tags& tags);

}  // namespace fmrx::sink
