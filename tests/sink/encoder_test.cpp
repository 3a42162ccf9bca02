// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Every format, read back by libsndfile, which knows nothing of fmrx.
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "sink/audio_encoder.hpp"
#include "sink/audio_feed.hpp"
#include "sink/sample_format.hpp"
#include "sink/wav_header.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using Catch::Matchers::WithinAbs;
using sink::AudioEncoder;
using sink::make_encoder;
using sink::Tags;

namespace {

/// A disk of so many bytes, or a pipe, in memory.
class Memory final : public recording::ByteOutput {
 public:
  explicit Memory(bool is_pipe = false, std::size_t room = SIZE_MAX) : is_pipe_(is_pipe), room_(room) {}

  void write(std::span<const std::byte> new_bytes) override {
    const std::size_t fits = std::min(new_bytes.size(), room_ - bytes.size());
    bytes.insert(bytes.end(), new_bytes.begin(), new_bytes.begin() + static_cast<std::ptrdiff_t>(fits));
    if (fits < new_bytes.size()) throw std::system_error(ENOSPC, std::generic_category());
  }
  [[nodiscard]] std::uint64_t size() const override { return bytes.size(); }
  [[nodiscard]] bool can_go_back() const override { return !is_pipe_; }
  void write_at(std::uint64_t offset, std::span<const std::byte> new_bytes) override {
    REQUIRE_FALSE(is_pipe_);
    REQUIRE(offset + new_bytes.size() <= bytes.size());
    std::copy(new_bytes.begin(), new_bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  void truncate(std::uint64_t size) override {
    REQUIRE(size <= bytes.size());
    bytes.resize(size);
  }

  std::vector<std::byte> bytes;

 private:
  bool is_pipe_;
  std::size_t room_;
};

struct Reader {
  const std::vector<std::byte>& bytes;
  sf_count_t position = 0;
};

struct Heard {
  bool opened = false;
  SF_INFO info{};
  std::vector<float> samples;
  std::string title;
  std::string comment;
};

Heard read_back(const std::vector<std::byte>& bytes) {
  SF_VIRTUAL_IO calls{};
  calls.get_filelen = [](void* r) { return static_cast<sf_count_t>(static_cast<Reader*>(r)->bytes.size()); };
  calls.seek = [](sf_count_t offset, int whence, void* r) {
    auto& reader = *static_cast<Reader*>(r);
    const auto size = static_cast<sf_count_t>(reader.bytes.size());
    reader.position = offset + (whence == SEEK_CUR ? reader.position : whence == SEEK_END ? size : 0);
    return reader.position;
  };
  calls.read = [](void* to, sf_count_t count, void* r) {
    auto& reader = *static_cast<Reader*>(r);
    const auto size = static_cast<sf_count_t>(reader.bytes.size());
    const sf_count_t fits = std::max<sf_count_t>(0, std::min(count, size - reader.position));
    if (fits > 0) std::memcpy(to, reader.bytes.data() + reader.position, static_cast<std::size_t>(fits));
    reader.position += fits;
    return fits;
  };
  calls.write = [](const void*, sf_count_t, void*) { return sf_count_t{0}; };
  calls.tell = [](void* r) { return static_cast<Reader*>(r)->position; };

  Heard heard;
  Reader reader{bytes};
  SNDFILE* const file = ::sf_open_virtual(&calls, SFM_READ, &heard.info, &reader);
  if (file == nullptr) return heard;
  heard.opened = true;
  std::vector<float> piece(8'192);
  for (;;) {
    const sf_count_t count = ::sf_read_float(file, piece.data(), static_cast<sf_count_t>(piece.size()));
    if (count <= 0) break;
    heard.samples.insert(heard.samples.end(), piece.begin(), piece.begin() + count);
  }
  const auto text = [&](int what) {
    const char* found = ::sf_get_string(file, what);
    return std::string(found == nullptr ? "" : found);
  };
  heard.title = text(SF_STR_TITLE);
  heard.comment = text(SF_STR_COMMENT);
  ::sf_close(file);
  return heard;
}

/// A tone of 997 Hz: what lossy formats keep.
std::vector<float> tone(std::size_t frames) {
  std::vector<float> samples(frames * 2);
  for (std::size_t i = 0; i < frames; ++i) {
    const auto value =
        static_cast<float>(0.5 * std::sin(2 * 3.14159265358979 * 997 * static_cast<double>(i) / 48'000));
    samples[2 * i] = value;
    samples[2 * i + 1] = -value;
  }
  return samples;
}

Tags some_tags() {
  Tags tags;
  tags.title = "93XRT 2026-11-21 03:17";
  tags.comment = "92.7 MHz, PI 9331";
  tags.start = *parse_utc("2026-11-21T03:17:40.500Z");
  return tags;
}

void encode(FileFormat format, SampleFormat samples, Memory& output, const std::vector<float>& audio) {
  const auto encoder = make_encoder(format, samples, output, some_tags());
  constexpr std::size_t kPiece = 2 * 8'192;
  for (std::size_t at = 0; at < audio.size(); at += kPiece) {
    encoder->write(std::span(audio).subspan(at, std::min(kPiece, audio.size() - at)));
    encoder->update(some_tags());
  }
  encoder->finish();
}

/// The largest error, or 1 if there is less than was sent.
double error_of(const std::vector<float>& heard, const std::vector<float>& sent) {
  if (heard.size() < sent.size()) return 1;
  double largest = 0;
  for (std::size_t i = 0; i < sent.size(); ++i)
    largest = std::max(largest, std::fabs(static_cast<double>(heard[i]) - static_cast<double>(sent[i])));
  return largest;
}

struct Case {
  FileFormat format;
  SampleFormat samples;
  double error;  ///< half a step, or what a listener would not hear of a tone
};

const std::vector<Case>& lossless() {
  static const std::vector<Case> kCases{{FileFormat::wav, SampleFormat::s16, 0.51 / 32'767},
                                        {FileFormat::wav, SampleFormat::s24, 0.51 / 8'388'607},
                                        {FileFormat::wav, SampleFormat::f32, 0},
                                        {FileFormat::flac, SampleFormat::s16, 0.51 / 32'767},
                                        {FileFormat::flac, SampleFormat::s24, 0.51 / 8'388'607}};
  return kCases;
}

}  // namespace

TEST_CASE("lossless formats give back every sample, from files and from pipes") {
  const std::vector<float> audio = test::noise(50'001);
  for (const Case& c : lossless()) {
    for (const bool is_pipe : {false, true}) {
      CAPTURE(static_cast<int>(c.format), static_cast<int>(c.samples), is_pipe);
      Memory output(is_pipe);
      encode(c.format, c.samples, output, audio);
      const Heard heard = read_back(output.bytes);
      REQUIRE(heard.opened);
      CHECK(heard.info.samplerate == 48'000);
      CHECK(heard.info.channels == 2);
      CHECK(heard.samples.size() == audio.size());
      // Full scale of integers is 2^15 - 1 when written and 2^15 when read: half a step, and that.
      CHECK(error_of(heard.samples, audio) <=
            c.error + (c.samples == SampleFormat::f32 ? 0 : 0.5 * 2 * c.error));
      if (!is_pipe) CHECK(heard.info.frames == 50'001);
      if (!is_pipe || c.format != FileFormat::wav) CHECK(heard.title == "93XRT 2026-11-21 03:17");
    }
  }
}

TEST_CASE("lossy formats give back a tone, from files and from pipes") {
  const std::vector<float> audio = tone(96'000);
  for (const FileFormat format : {FileFormat::opus, FileFormat::vorbis, FileFormat::mp3}) {
    for (const bool is_pipe : {false, true}) {
      CAPTURE(static_cast<int>(format), is_pipe);
      Memory output(is_pipe);
      encode(format, SampleFormat::s16, output, audio);
      const Heard heard = read_back(output.bytes);
      REQUIRE(heard.opened);
      CHECK(heard.info.samplerate == 48'000);
      CHECK(heard.title == "93XRT 2026-11-21 03:17");
      CHECK(heard.comment == "92.7 MHz, PI 9331");
      REQUIRE(heard.samples.size() >= audio.size());
      // MP3 has delay, padding and, in a pipe, an empty frame where a file has its length: of 1152 each.
      CHECK(heard.samples.size() <= audio.size() + 2 * 3 * 1'152);
      double power = 0;
      for (std::size_t i = 48'000; i < 96'000; ++i)
        power += static_cast<double>(heard.samples[i]) * static_cast<double>(heard.samples[i]) / 48'000;
      // 0.5 squared, halved. LAME makes it 0.97 times as loud at 192 kb/s, as room for overshoot.
      // Within a tenth of a decibel.
      const double gain = format == FileFormat::mp3 ? 0.97 : 1;
      CHECK_THAT(power, WithinAbs(0.125 * gain * gain, 0.003));
    }
  }
}

TEST_CASE("a file is true after every update, and lacks little") {
  const std::vector<float> audio = test::noise(5 * 48'000);
  for (const FileFormat format :
       {FileFormat::wav, FileFormat::flac, FileFormat::opus, FileFormat::vorbis, FileFormat::mp3}) {
    CAPTURE(static_cast<int>(format));
    Memory output;
    const auto encoder = make_encoder(format, SampleFormat::s16, output, some_tags());
    encoder->write(audio);
    encoder->update(some_tags());
    const Heard heard = read_back(output.bytes);  // as after kill -9
    REQUIRE(heard.opened);
    CHECK(heard.samples.size() >= 2 * 4 * 48'000);
    encoder->finish();
  }
}

TEST_CASE("a disk that is full, at any byte, leaves a file that plays to its end") {
  bool heard_ogg = false;
  for (const FileFormat format : {FileFormat::raw, FileFormat::wav, FileFormat::flac, FileFormat::opus,
                                  FileFormat::vorbis, FileFormat::mp3}) {
    // A page of Opus is half a second.
    const bool is_ogg = format == FileFormat::opus || format == FileFormat::vorbis;
    const std::vector<float> audio = test::noise(is_ogg ? 160'000 : 20'000);
    Memory whole;
    encode(format, SampleFormat::s16, whole, audio);
    for (std::size_t room = 0; room < whole.bytes.size(); room += whole.bytes.size() / 37) {
      CAPTURE(static_cast<int>(format), room);
      Memory output(false, room);
      std::unique_ptr<AudioEncoder> encoder;
      bool failed = false;
      std::size_t written = 0;
      try {
        encoder = make_encoder(format, SampleFormat::s16, output, some_tags());
        for (; written < audio.size(); written += 2'000)
          encoder->write(std::span(audio).subspan(written, 2'000));
        encoder->finish();
      } catch (const std::system_error& error) {
        failed = true;
        CHECK(error.code().value() == ENOSPC);
      }
      REQUIRE(failed);
      if (!encoder) continue;  // not even the header fitted
      const std::uint64_t frames = encoder->salvage();
      encoder.reset();
      CHECK(output.bytes.size() <= room);
      if (format == FileFormat::raw) {
        CHECK(output.bytes.size() == frames * 4);
      } else if (is_ogg && frames > 0) {
        CHECK(read_back(output.bytes).samples.size() == 2 * frames);
        heard_ogg = true;
      } else if (format == FileFormat::wav || format == FileFormat::flac) {
        const Heard heard = read_back(output.bytes);
        if (frames > 0) REQUIRE(heard.opened);
        if (frames > 0) CHECK(heard.samples.size() == 2 * frames);
        std::vector<float> begun = audio;
        begun.resize(2 * frames);
        if (frames > 0) CHECK(error_of(heard.samples, begun) <= 1.1 / 32'767);
      }
    }
  }
  CHECK(heard_ogg);
}

TEST_CASE("samples beyond full scale are clipped and counted, where the format cannot hold them") {
  const std::vector<float> loud{2.0F, -2.0F, 0.5F, 0.5F};
  for (const FileFormat format : {FileFormat::raw, FileFormat::wav, FileFormat::flac}) {
    Memory output;
    const auto encoder = make_encoder(format, SampleFormat::s16, output, {});
    encoder->write(loud);
    encoder->finish();
    CHECK(encoder->clipped() == 2);
  }
}

TEST_CASE("a WAV file is RIFF up to 4 GiB and RF64 beyond, with a header of the same length") {
  const auto text_at = [](const std::vector<std::byte>& bytes, std::size_t at) {
    return std::string(reinterpret_cast<const char*>(bytes.data()) + at, 4);
  };
  const auto number_at = [](const std::vector<std::byte>& bytes, std::size_t at, int size) {
    std::uint64_t value = 0;
    for (int i = size; i-- > 0;)
      value = value << 8 | static_cast<std::uint8_t>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
  };
  for (const SampleFormat samples : {SampleFormat::s16, SampleFormat::s24, SampleFormat::f32}) {
    const std::size_t length = sink::wav_file_header({samples}, {}, 0).size();
    const std::uint64_t frame = sink::bytes_per_frame(samples);
    // RIFF's length counts all but its first 8 bytes; 0xFFFFFFFF means "see ds64".
    const std::uint64_t most = (0xFFFF'FFFE + 8ULL - length) / frame * frame;
    const auto longest = sink::wav_file_header({samples}, {}, most);
    CHECK(text_at(longest, 0) == "RIFF");
    CHECK(text_at(longest, 12) == "JUNK");
    CHECK(number_at(longest, 4, 4) == length - 8 + most);
    CHECK(number_at(longest, length - 4, 4) == most);

    const std::uint64_t more = most + frame;
    const auto rf64 = sink::wav_file_header({samples}, {}, more);
    CHECK(rf64.size() == length);
    CHECK(text_at(rf64, 0) == "RF64");
    CHECK(text_at(rf64, 12) == "ds64");
    CHECK(number_at(rf64, 4, 4) == 0xFFFF'FFFF);
    CHECK(number_at(rf64, 20, 8) == length - 8 + more);
    CHECK(number_at(rf64, 28, 8) == more);
    CHECK(number_at(rf64, 36, 8) == more / frame);
    CHECK(number_at(rf64, length - 4, 4) == 0xFFFF'FFFF);
  }
}

TEST_CASE("the broadcast extension tells the start to the sample") {
  Memory output;
  encode(FileFormat::wav, SampleFormat::s16, output, test::noise(100));
  const auto begin =
      std::search(output.bytes.begin(), output.bytes.end(), std::begin("bext"), std::end("bext") - 1,
                  [](std::byte a, char b) { return a == static_cast<std::byte>(b); });
  REQUIRE(begin != output.bytes.end());
  const auto field = [&](std::ptrdiff_t offset, std::size_t size) {
    return std::string(reinterpret_cast<const char*>(&*begin) + 8 + offset, size);
  };
  // EBU Tech 3285: description 256, originator 32, reference 32, date 10, time 8, samples 8.
  CHECK(field(0, 17) == "92.7 MHz, PI 9331");
  const CivilTime local = local_time(some_tags().start);
  CHECK(field(320, 10) == format_local(some_tags().start, "%Y-%m-%d"));
  CHECK(field(330, 8) == format_local(some_tags().start, "%H:%M:%S"));
  std::uint64_t samples = 0;
  std::memcpy(&samples, field(338, 8).data(), 8);
  CHECK(samples ==
        static_cast<std::uint64_t>(local.hour * 3600 + local.minute * 60 + local.second) * 48'000 + 24'000);
}
