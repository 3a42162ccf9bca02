// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fmrx::test {

/// Puts a WAV file together chunk by chunk, right or wrong.
class WavFile {
 public:
  static constexpr std::uint32_t kRiffSizeUnknown = 0xFFFFFFFF;

  explicit WavFile(std::string_view magic = "RIFF", std::uint32_t riff_size = kRiffSizeUnknown) {
    tag(magic).number(riff_size, 4).tag("WAVE");
  }

  WavFile& tag(std::string_view text) {
    for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
    return *this;
  }
  WavFile& number(std::uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) bytes_.push_back(static_cast<std::byte>(value >> 8 * i));
    return *this;
  }
  /// A chunk's header with the body's size, its body, and the byte that makes it even.
  WavFile& chunk(std::string_view name, std::span<const std::byte> body) {
    tag(name).number(body.size(), 4);
    bytes_.insert(bytes_.end(), body.begin(), body.end());
    if (body.size() % 2 != 0) number(0, 1);
    return *this;
  }
  WavFile& format(unsigned encoding, unsigned channels, std::uint32_t rate, unsigned bits) {
    const unsigned frame = channels * bits / 8;
    tag("fmt ").number(16, 4).number(encoding, 2).number(channels, 2).number(rate, 4);
    return number(std::uint64_t{rate} * frame, 4).number(frame, 2).number(bits, 2);
  }
  /// WAVE_FORMAT_EXTENSIBLE: the encoding opens a GUID.
  WavFile& extensible_format(unsigned encoding, unsigned channels, std::uint32_t rate, unsigned bits) {
    const unsigned frame = channels * bits / 8;
    tag("fmt ").number(40, 4).number(0xFFFE, 2).number(channels, 2).number(rate, 4);
    number(std::uint64_t{rate} * frame, 4).number(frame, 2).number(bits, 2);
    number(22, 2).number(bits, 2).number(3, 4);
    return number(encoding, 2).number(0x0010'0000'0000, 6).number(0x719B'3800'AA00'0080, 8);
  }
  WavFile& data_header(std::uint32_t size) { return tag("data").number(size, 4); }
  WavFile& raw(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }

  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace fmrx::test
