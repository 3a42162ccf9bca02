// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <vector>

#include "sink/audio_encoder.hpp"
#include "sink/sample_format.hpp"

namespace fmrx::sink {

namespace {

/// Samples and nothing else: always true as far as it goes.
class PcmEncoder final : public AudioEncoder {
 public:
  PcmEncoder(SampleFormat samples, recording::ByteOutput& output, unsigned channels)
      : format_(samples), frame_bytes_(bytes_per_frame(samples, channels)), output_(output) {}

  void write(std::span<const float> samples) override {
    bytes_.resize(samples.size() * bytes_per_sample(format_));
    clipped_ += encode_samples(format_, samples, bytes_);
    output_.write(bytes_);
  }

  void update(const Tags&) override {}
  void finish() override {}

  std::uint64_t salvage() noexcept override {
    const std::uint64_t frames = output_.size() / frame_bytes_;
    try {
      if (output_.can_go_back()) output_.truncate(frames * frame_bytes_);
    } catch (...) {  // the end of the last frame is missing: nothing more can be done
    }
    return frames;
  }

  [[nodiscard]] std::uint64_t clipped() const override { return clipped_; }

 private:
  SampleFormat format_;
  std::size_t frame_bytes_;
  recording::ByteOutput& output_;
  std::vector<std::byte> bytes_;
  std::uint64_t clipped_ = 0;
};

}  // namespace

std::unique_ptr<AudioEncoder> make_pcm_encoder(SampleFormat samples, recording::ByteOutput& output,
                                               const StreamFormat& stream) {
  return std::make_unique<PcmEncoder>(samples, output, stream.channels);
}

std::unique_ptr<AudioEncoder> make_encoder(FileFormat format, SampleFormat samples,
                                           recording::ByteOutput& output, const Tags& tags) {
  if (format == FileFormat::raw) return make_pcm_encoder(samples, output);
  if (format == FileFormat::wav) return make_wav_encoder(samples, output, tags);
  return make_sndfile_encoder(format, samples, output, tags);
}

}  // namespace fmrx::sink
