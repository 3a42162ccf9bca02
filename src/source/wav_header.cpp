// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/wav_header.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace fmrx::source {

namespace {

constexpr std::size_t kChunkHeader_bytes = 8;
constexpr std::size_t kLeastFormatChunk_bytes = 16;
constexpr std::size_t kExtensibleFormatChunk_bytes = 40;
constexpr std::uint32_t kUnknownSize = 0xFFFFFFFF;
/// Samples begin well before this in every file that a program for radio writes.
constexpr std::size_t kMostHeader_bytes = std::size_t{4} << 20;

constexpr std::uint64_t kFormatPcm = 1;
constexpr std::uint64_t kFormatFloat = 3;
constexpr std::uint64_t kFormatExtensible = 0xFFFE;

using Bytes = std::span<const std::byte>;

std::uint64_t little_endian(Bytes bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}

bool has_tag(Bytes bytes, std::size_t at, std::string_view tag) {
  return std::ranges::equal(bytes.subspan(at, tag.size()), tag, {}, {},
                            [](char c) { return static_cast<std::byte>(c); });
}

IqFormat sample_format(std::uint64_t encoding, std::uint64_t bits) {
  if (encoding == kFormatPcm && bits == 8) return IqFormat::cu8;
  if (encoding == kFormatPcm && bits == 16) return IqFormat::cs16;
  if (encoding == kFormatFloat && bits == 32) return IqFormat::cf32;
  throw WavError("has samples of " + std::to_string(bits) + " bits in encoding " + std::to_string(encoding) +
                 ": only 8 and 16 bit integers and 32 bit floats are supported");
}

void read_format_chunk(Bytes chunk, WavHeader& header) {
  std::uint64_t encoding = little_endian(chunk, 0, 2);
  const std::uint64_t channels = little_endian(chunk, 2, 2);
  const std::uint64_t rate = little_endian(chunk, 4, 4);
  const std::uint64_t bits = little_endian(chunk, 14, 2);
  // The first two bytes of the sub-format's GUID are the encoding.
  if (encoding == kFormatExtensible && chunk.size() >= kExtensibleFormatChunk_bytes)
    encoding = little_endian(chunk, 24, 2);
  if (channels != 2)
    throw WavError("has " + std::to_string(channels) + " channel" + (channels == 1 ? "" : "s") +
                   ": IQ needs two");
  header.format = sample_format(encoding, bits);
  header.rate = SampleRate(static_cast<std::uint32_t>(rate));
}

/// "auxi", as SpectraVue wrote it first and HDSDR and others do: two dates of 16 bytes,
/// then the centre frequency in Hz.
void read_auxiliary_chunk(Bytes chunk, WavHeader& header) {
  constexpr std::size_t kCentreAt = 32;
  if (chunk.size() < kCentreAt + 4) return;
  const std::uint64_t centre_hz = little_endian(chunk, kCentreAt, 4);
  if (centre_hz != 0) header.centre = Hertz(static_cast<double>(centre_hz));
}

}  // namespace

bool is_wav(Bytes beginning) {
  return beginning.size() >= kWavMagic_bytes &&
         (has_tag(beginning, 0, "RIFF") || has_tag(beginning, 0, "RF64")) && has_tag(beginning, 8, "WAVE");
}

std::variant<WavHeader, std::size_t> parse_wav_header(Bytes beginning) {
  WavHeader header;
  bool has_format = false;
  std::uint64_t long_data_bytes = 0;
  std::size_t at = kWavMagic_bytes;
  for (;;) {
    const std::size_t body = at + kChunkHeader_bytes;
    if (beginning.size() < body) return body;
    const std::uint64_t size = little_endian(beginning, at + 4, 4);
    if (has_tag(beginning, at, "data")) {
      if (!has_format) throw WavError("has no format chunk before its samples");
      if (size == kUnknownSize) {
        if (long_data_bytes != 0) header.data_bytes = long_data_bytes;
      } else if (size != 0) {
        header.data_bytes = size;
      }
      header.bytes = body;
      return header;
    }
    if (size > kMostHeader_bytes - body) throw WavError("has no samples where they should begin");
    // Chunks begin at even places; the byte between counts for neither.
    const std::size_t next = body + size + size % 2;
    if (beginning.size() < next) return next;
    const Bytes chunk = beginning.subspan(body, size);
    if (has_tag(beginning, at, "fmt ") && size >= kLeastFormatChunk_bytes) {
      read_format_chunk(chunk, header);
      has_format = true;
    } else if (has_tag(beginning, at, "ds64") && size >= 16) {
      long_data_bytes = little_endian(chunk, 8, 8);
    } else if (has_tag(beginning, at, "auxi")) {
      read_auxiliary_chunk(chunk, header);
    }
    at = next;
  }
}

}  // namespace fmrx::source
