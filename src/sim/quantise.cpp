// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/quantise.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>

namespace fmrx::sim {

namespace {

/// Zero lies between 127 and 128.
std::uint8_t to_u8(float value) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(value * 127.5F + 128.0F), 0.0F, 255.0F));
}

std::int16_t to_s16(float value) {
  return static_cast<std::int16_t>(std::clamp(std::floor(value * 32767.0F + 0.5F), -32767.0F, 32767.0F));
}

template <class Word>
std::byte* put_little_endian(Word word, std::byte* out) {
  for (std::size_t i = 0; i < sizeof(Word); ++i) *out++ = static_cast<std::byte>(word >> 8 * i & 0xFFU);
  return out;
}

}  // namespace

void quantise(std::span<const std::complex<float>> iq, IqFormat format, std::span<std::byte> bytes) {
  assert(bytes.size() == iq.size() * bytes_per_sample(format));
  std::byte* out = bytes.data();
  const auto put = [&](auto convert) {
    for (const std::complex<float> sample : iq) {
      out = put_little_endian(convert(sample.real()), out);
      out = put_little_endian(convert(sample.imag()), out);
    }
  };
  switch (format) {
    case IqFormat::cu8:
      return put(to_u8);
    case IqFormat::cs16:
      return put([](float value) { return static_cast<std::uint16_t>(to_s16(value)); });
    case IqFormat::cf32:
      return put([](float value) { return std::bit_cast<std::uint32_t>(value); });
  }
}

}  // namespace fmrx::sim
