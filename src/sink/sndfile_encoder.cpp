// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/units.hpp"
#include "sink/audio_encoder.hpp"
#include "sink/sample_format.hpp"

namespace fmrx::sink {

namespace {

/// The output as libsndfile sees it: a file that remembers its position. What the output throws
/// does not pass through the library's C code, but is kept; from then on nothing is written.
class Channel {
 public:
  explicit Channel(recording::ByteOutput& output) : output_(output) {}

  [[nodiscard]] SF_VIRTUAL_IO calls() const {
    SF_VIRTUAL_IO calls{};
    calls.get_filelen = [](void* channel) { return static_cast<Channel*>(channel)->size(); };
    calls.seek = [](sf_count_t offset, int whence, void* channel) {
      return static_cast<Channel*>(channel)->seek(offset, whence);
    };
    calls.read = [](void*, sf_count_t, void*) { return sf_count_t{0}; };
    calls.write = [](const void* bytes, sf_count_t count, void* channel) {
      return static_cast<Channel*>(channel)->write(
          {static_cast<const std::byte*>(bytes), static_cast<std::size_t>(count)});
    };
    calls.tell = [](void* channel) { return static_cast<Channel*>(channel)->position_; };
    return calls;
  }

  /// Frames up to the end of the last page of Ogg.
  [[nodiscard]] std::uint64_t paged_frames() const { return granule_ - std::min(granule_, skipped_frames_); }

  [[nodiscard]] const std::exception_ptr& failure() const { return failure_; }
  void ignore_from_now_on() { ignoring_ = true; }

 private:
  [[nodiscard]] sf_count_t size() const { return static_cast<sf_count_t>(output_.size()); }

  sf_count_t seek(sf_count_t offset, int whence) {
    position_ = offset + (whence == SEEK_CUR ? position_ : whence == SEEK_END ? size() : 0);
    return position_;
  }

  sf_count_t write(std::span<const std::byte> bytes) {
    const auto count = static_cast<sf_count_t>(bytes.size());
    if (ignoring_) return count;
    try {
      if (position_ == size()) {
        output_.write(bytes);
      } else if (output_.can_go_back()) {
        output_.write_at(static_cast<std::uint64_t>(position_), bytes);
      }  // else a pipe's length and sum stay open
    } catch (...) {
      failure_ = std::current_exception();
      ignoring_ = true;
      return 0;
    }
    position_ += count;
    look_at_page(bytes);
    return count;
  }

  /// libogg gives out a page's header and its body one after the other. The header tells the last
  /// frame that ends in the page (RFC 3533, 6), Opus' first body how many of them are not to be heard
  /// (RFC 7845, 5.1). Both are little-endian.
  void look_at_page(std::span<const std::byte> bytes) {
    constexpr std::size_t kGranuleAt = 6;
    constexpr std::size_t kSkipAt = 10;
    constexpr std::uint64_t kNoneEndsHere = UINT64_MAX;
    if (begins_with(bytes, "OggS") && bytes.size() >= kGranuleAt + 8) {
      const std::uint64_t granule = number_in(bytes.subspan(kGranuleAt, 8));
      if (granule != kNoneEndsHere) granule_ = granule;
    }
    if (begins_with(bytes, "OpusHead") && bytes.size() >= kSkipAt + 2)
      skipped_frames_ = number_in(bytes.subspan(kSkipAt, 2));
  }

  static bool begins_with(std::span<const std::byte> bytes, std::string_view text) {
    return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
  }

  static std::uint64_t number_in(std::span<const std::byte> bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
      number = number << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    return number;
  }

  recording::ByteOutput& output_;
  sf_count_t position_ = 0;
  std::uint64_t granule_ = 0;
  std::uint64_t skipped_frames_ = 0;
  std::exception_ptr failure_;
  bool ignoring_ = false;
};

int sndfile_format(FileFormat format, SampleFormat samples) {
  switch (format) {
    case FileFormat::flac:
      return SF_FORMAT_FLAC | (samples == SampleFormat::s24 ? SF_FORMAT_PCM_24 : SF_FORMAT_PCM_16);
    case FileFormat::opus:
      return SF_FORMAT_OGG | SF_FORMAT_OPUS;
    case FileFormat::vorbis:
      return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    case FileFormat::mp3:
      return SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
    case FileFormat::raw:
    case FileFormat::wav:
      break;
  }
  return 0;
}

/// The part of FLAC's STREAMINFO that tells the number of frames: its last four bits of the sample
/// size and 36 bits of the number (RFC 9639, 8.2), at byte 21 of the file.
constexpr std::uint64_t kFlacLengthOffset = 21;
std::array<std::byte, 5> flac_length(SampleFormat samples, std::uint64_t frames) {
  const std::uint64_t size_bits = 8 * bytes_per_sample(samples) - 1;
  const std::uint64_t value = (size_bits & 0xF) << 36 | (frames & 0xF'FFFF'FFFF);
  std::array<std::byte, 5> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(value >> (32 - 8 * i) & 0xFF);
  return bytes;
}

/// FLAC, Opus, Vorbis and MP3 by libsndfile.
class SndfileEncoder final : public AudioEncoder {
 public:
  SndfileEncoder(FileFormat format, SampleFormat samples, recording::ByteOutput& output, const Tags& tags)
      : format_(format), samples_(samples), output_(output), channel_(output) {
    SF_VIRTUAL_IO calls = channel_.calls();
    SF_INFO info{};
    info.samplerate = static_cast<int>(kAudioRate.value());
    info.channels = static_cast<int>(kAudioChannels);
    info.format = sndfile_format(format, samples);
    sound_ = ::sf_open_virtual(&calls, SFM_WRITE, &info, &channel_);
    if (channel_.failure()) std::rethrow_exception(channel_.failure());
    if (sound_ == nullptr) {
      throw Error(ExitStatus::output,
                  std::string("libsndfile cannot write this format here: ") + ::sf_strerror(nullptr));
    }
    set_quality();
    set_texts(tags);
  }
  ~SndfileEncoder() override {
    channel_.ignore_from_now_on();
    if (sound_ != nullptr) ::sf_close(sound_);
  }

  void write(std::span<const float> samples) override {
    const auto frames = static_cast<sf_count_t>(samples.size() / kAudioChannels);
    sf_count_t written = 0;
    if (format_ != FileFormat::flac) {
      floats_.resize(samples.size());
      encode_samples(SampleFormat::f32, samples, std::as_writable_bytes(std::span(floats_)));
      written = ::sf_writef_float(sound_, floats_.data(), frames);
    } else if (samples_ == SampleFormat::s24) {
      written = ::sf_writef_int(sound_, left_justified(samples), frames);
    } else {
      shorts_.resize(samples.size());
      clipped_ += encode_samples(SampleFormat::s16, samples, std::as_writable_bytes(std::span(shorts_)));
      written = ::sf_writef_short(sound_, shorts_.data(), frames);
    }
    if (channel_.failure()) std::rethrow_exception(channel_.failure());
    if (written != frames)
      throw Error(ExitStatus::output, std::string("the encoder: ") + ::sf_strerror(sound_));
    frames_ += static_cast<std::uint64_t>(frames);
    sound_bytes_ = output_.size();  // libsndfile hands on whole frames or pages only
    paged_frames_ = channel_.paged_frames();
  }

  void update(const Tags&) override {
    if (format_ == FileFormat::flac && output_.can_go_back())
      output_.write_at(kFlacLengthOffset, flac_length(samples_, frames_in_file()));
  }

  void finish() override {
    const int error = ::sf_close(std::exchange(sound_, nullptr));
    if (channel_.failure()) std::rethrow_exception(channel_.failure());
    if (error != 0) throw Error(ExitStatus::output, std::string("the encoder: ") + ::sf_error_number(error));
  }

  std::uint64_t salvage() noexcept override {
    channel_.ignore_from_now_on();
    try {
      if (output_.can_go_back() && sound_bytes_ > 0) {
        output_.truncate(sound_bytes_);
        update({});
      }
    } catch (...) {  // readers stop at the last whole frame or page by themselves
    }
    return sound_bytes_ > 0 ? frames_in_file() : 0;
  }

  [[nodiscard]] std::uint64_t clipped() const override { return clipped_; }

 private:
  void set_quality() {
    const auto set = [&](int command, auto value) { ::sf_command(sound_, command, &value, sizeof value); };
    if (format_ == FileFormat::vorbis) set(SFC_SET_VBR_ENCODING_QUALITY, 0.6);  // some 190 kb/s
    // The default is a page a second.
    if (format_ == FileFormat::opus) set(SFC_SET_OGG_PAGE_LATENCY_MS, 500.0);
    if (format_ == FileFormat::mp3) {
      // Constant, so that the length of a file without an end can be told from its size. 0 is
      // 320 kb/s, 1 is 32: this is 192.
      set(SFC_SET_BITRATE_MODE, int{SF_BITRATE_MODE_CONSTANT});
      set(SFC_SET_COMPRESSION_LEVEL, (320.0 - 192.0) / (320.0 - 32.0));
    }
  }

  void set_texts(const Tags& tags) {
    const auto set = [&](int what, const std::string& text) {
      if (!text.empty()) ::sf_set_string(sound_, what, text.c_str());
    };
    set(SF_STR_TITLE, tags.title);
    set(SF_STR_ARTIST, tags.artist);
    set(SF_STR_COMMENT, tags.comment);
    set(SF_STR_DATE, format_local_iso(tags.start));
  }

  /// 24 bits at the upper end of 32, as libsndfile takes them.
  const int* left_justified(std::span<const float> samples) {
    packed_.resize(samples.size() * 3);
    clipped_ += encode_samples(SampleFormat::s24, samples, packed_);
    ints_.resize(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      std::uint32_t value = 0;
      std::memcpy(&value, &packed_[3 * i], 3);
      ints_[i] = static_cast<int>(value << 8);
    }
    return ints_.data();
  }

  /// Up to sound_bytes_. libFLAC holds back what does not fill a block, and one frame more; MP3 has two
  /// blocks of 24 ms under way, which nothing counts.
  [[nodiscard]] std::uint64_t frames_in_file() const {
    constexpr std::uint64_t kFlacBlock = 4'096;
    if (format_ == FileFormat::opus || format_ == FileFormat::vorbis) return paged_frames_;
    if (format_ != FileFormat::flac || frames_ == 0) return frames_;
    return (frames_ - 1) / kFlacBlock * kFlacBlock;
  }

  FileFormat format_;
  SampleFormat samples_;
  recording::ByteOutput& output_;
  Channel channel_;
  SNDFILE* sound_ = nullptr;
  std::vector<float> floats_;
  std::vector<short> shorts_;
  std::vector<int> ints_;
  std::vector<std::byte> packed_;
  std::uint64_t frames_ = 0;
  std::uint64_t sound_bytes_ = 0;   ///< up to the end of the last write that got through
  std::uint64_t paged_frames_ = 0;  ///< in them, of Ogg
  std::uint64_t clipped_ = 0;
};

}  // namespace

std::unique_ptr<AudioEncoder> make_sndfile_encoder(FileFormat format, SampleFormat samples,
                                                   recording::ByteOutput& output, const Tags& tags) {
  return std::make_unique<SndfileEncoder>(format, samples, output, tags);
}

}  // namespace fmrx::sink
