// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/wav_header.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <string_view>

#include "base/units.hpp"
#include "sink/sample_format.hpp"

namespace fmrx::sink {

namespace {

constexpr std::uint32_t kOpenLength = 0xFFFF'FFFF;
constexpr std::uint16_t kPcm = 1;
constexpr std::uint16_t kFloat = 3;
constexpr std::size_t kDs64_bytes = 28;

/// Bytes in the order of the file.
class Chunks {
 public:
  void text(std::string_view text) {
    for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
  }
  /// Cut or filled with zeros to `size`.
  void text(std::string_view text, std::size_t size) {
    this->text(text.substr(0, size));
    zeros(size - std::min(size, text.size()));
  }
  void zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }
  void u16(std::uint64_t value) { little_endian(value, 2); }
  void u32(std::uint64_t value) { little_endian(value, 4); }
  void u64(std::uint64_t value) { little_endian(value, 8); }

  /// Where a chunk's length stands, to be filled in by end().
  std::size_t begin(std::string_view id) {
    text(id);
    u32(0);
    return bytes_.size();
  }
  void end(std::size_t begin) {
    const std::size_t length = bytes_.size() - begin;
    assert(length % 2 == 0);
    for (std::size_t i = 0; i < 4; ++i)
      bytes_[begin - 4 + i] = static_cast<std::byte>(length >> (8 * i) & 0xFF);
  }

  [[nodiscard]] std::vector<std::byte>& bytes() { return bytes_; }

 private:
  void little_endian(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFF));
  }

  std::vector<std::byte> bytes_;
};

std::size_t frame_bytes_of(const WavFormat& format) {
  return format.channels * bytes_per_sample(format.samples);
}

void add_format(Chunks& chunks, const WavFormat& format) {
  const bool is_float = format.samples == SampleFormat::f32;
  const std::size_t begin = chunks.begin("fmt ");
  chunks.u16(is_float ? kFloat : kPcm);
  chunks.u16(format.channels);
  chunks.u32(format.rate.value());
  chunks.u32(format.rate.value() * frame_bytes_of(format));
  chunks.u16(frame_bytes_of(format));
  chunks.u16(8 * bytes_per_sample(format.samples));
  if (is_float) chunks.u16(0);  // no extension: what is not PCM says so
  chunks.end(begin);
}

/// For ASCII-only fields: every other byte becomes "?".
std::string ascii(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

/// EBU Tech 3285, version 1. Date and time are local, as studios expect; the description has the
/// offset to UTC.
void add_broadcast_extension(Chunks& chunks, const WavFormat& format, const Tags& tags) {
  const std::size_t begin = chunks.begin("bext");
  chunks.text(ascii(tags.comment), 256);
  chunks.text("fmrx", 32);
  chunks.text("", 32);
  chunks.text(format_local(tags.start, "%Y-%m-%d"), 10);
  chunks.text(format_local(tags.start, "%H:%M:%S"), 8);
  const CivilTime local = local_time(tags.start);
  const auto since_midnight_s =
      static_cast<std::uint64_t>(local.hour * 3600 + local.minute * 60 + local.second);
  const auto fraction_ns =
      static_cast<std::uint64_t>((tags.start.time_since_epoch() % std::chrono::seconds(1)).count());
  chunks.u64(since_midnight_s * format.rate.value() + fraction_ns * format.rate.value() / 1'000'000'000);
  chunks.u16(1);
  chunks.zeros(64 + 190);  // no UMID, reserved
  chunks.end(begin);
}

void add_information(Chunks& chunks, const Tags& tags) {
  const std::size_t begin = chunks.begin("LIST");
  chunks.text("INFO");
  const auto add = [&](std::string_view id, std::string_view text, std::size_t size) {
    const std::size_t field = chunks.begin(id);
    chunks.text(text.substr(0, size - 1), size);  // ends with a zero
    chunks.end(field);
  };
  add("INAM", tags.title, 64);
  add("IART", tags.artist, 64);
  add("ICMT", tags.comment, 96);
  add("ICRD", format_local_iso(tags.start), 26);
  add("ISFT", "fmrx", 6);
  chunks.end(begin);
}

}  // namespace

std::vector<std::byte> wav_file_header(const WavFormat& format, const Tags& tags, std::uint64_t data_bytes) {
  Chunks body;  // what lies between the first chunk and the samples
  add_format(body, format);
  if (format.samples == SampleFormat::f32) {
    const std::size_t begin = body.begin("fact");
    body.u32(std::min<std::uint64_t>(data_bytes / frame_bytes_of(format), kOpenLength));
    body.end(begin);
  }
  add_broadcast_extension(body, format, tags);
  add_information(body, tags);

  const std::uint64_t riff_bytes =
      4 + 8 + kDs64_bytes + body.bytes().size() + 8 + data_bytes + data_bytes % 2;
  const bool is_long = riff_bytes > kOpenLength - 1;
  Chunks header;
  header.text(is_long ? "RF64" : "RIFF");
  header.u32(is_long ? kOpenLength : riff_bytes);
  header.text("WAVE");
  header.text(is_long ? "ds64" : "JUNK");
  header.u32(kDs64_bytes);
  header.u64(is_long ? riff_bytes : 0);
  header.u64(is_long ? data_bytes : 0);
  header.u64(is_long ? data_bytes / frame_bytes_of(format) : 0);
  header.u32(0);  // no table of further long chunks
  header.bytes().insert(header.bytes().end(), body.bytes().begin(), body.bytes().end());
  header.text("data");
  header.u32(is_long ? kOpenLength : data_bytes);
  return header.bytes();
}

std::vector<std::byte> wav_pipe_header(const WavFormat& format) {
  Chunks header;
  header.text("RIFF");
  header.u32(kOpenLength);
  header.text("WAVE");
  add_format(header, format);
  header.text("data");
  header.u32(kOpenLength);
  return header.bytes();
}

}  // namespace fmrx::sink
