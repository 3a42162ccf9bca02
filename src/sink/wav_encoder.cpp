// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <utility>
#include <vector>

#include "sink/audio_encoder.hpp"
#include "sink/sample_format.hpp"
#include "sink/wav_header.hpp"

namespace fmrx::sink {

namespace {

class WavEncoder final : public AudioEncoder {
 public:
  WavEncoder(SampleFormat samples, recording::ByteOutput& output, Tags tags, const StreamFormat& stream)
      : format_{samples, stream.rate, stream.channels},
        frame_bytes_(bytes_per_frame(samples, stream.channels)),
        output_(output),
        tags_(std::move(tags)) {
    output_.write(output_.can_go_back() ? wav_file_header(format_, tags_, 0) : wav_pipe_header(format_));
    header_bytes_ = output_.size();
  }

  void write(std::span<const float> samples) override {
    bytes_.resize(samples.size() * bytes_per_sample(format_.samples));
    clipped_ += encode_samples(format_.samples, samples, bytes_);
    output_.write(bytes_);
  }

  void update(const Tags& tags) override {
    tags_ = tags;
    if (output_.can_go_back())
      output_.write_at(0, wav_file_header(format_, tags_, output_.size() - header_bytes_));
  }

  void finish() override {
    update(Tags(tags_));
    // A chunk ends at an even place; one channel of 24 bits need not.
    static constexpr std::byte kPad{0};
    if (output_.can_go_back() && (output_.size() - header_bytes_) % 2 != 0) output_.write({&kPad, 1});
  }

  std::uint64_t salvage() noexcept override {
    if (output_.size() < header_bytes_ || header_bytes_ == 0) return 0;
    const std::uint64_t frames = (output_.size() - header_bytes_) / frame_bytes_;
    try {
      if (output_.can_go_back()) {
        output_.truncate(header_bytes_ + frames * frame_bytes_);
        finish();
      }
    } catch (...) {  // the header is a second old; nothing more can be done
    }
    return frames;
  }

  [[nodiscard]] std::uint64_t clipped() const override { return clipped_; }

 private:
  WavFormat format_;
  std::size_t frame_bytes_;
  recording::ByteOutput& output_;
  Tags tags_;
  std::uint64_t header_bytes_ = 0;
  std::vector<std::byte> bytes_;
  std::uint64_t clipped_ = 0;
};

}  // namespace

std::unique_ptr<AudioEncoder> make_wav_encoder(SampleFormat samples, recording::ByteOutput& output,
                                               const Tags& tags, const StreamFormat& stream) {
  return std::make_unique<WavEncoder>(samples, output, tags, stream);
}

}  // namespace fmrx::sink
