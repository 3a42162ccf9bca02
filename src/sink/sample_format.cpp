// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/sample_format.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace fmrx::sink {

namespace {

static_assert(std::endian::native == std::endian::little, "samples are written as they lie in memory");

/// The nearest integer of -2^22 < value < 2^22. The sum has no bits left for a fraction, so it
/// is rounded; its mantissa then holds the integer. Unlike lrint(), this is vectorised.
std::int32_t nearest(float value) {
  constexpr float kUlpIsOne = 12'582'912.0F;  // 1.5 * 2^23
  return std::bit_cast<std::int32_t>(value + kUlpIsOne) - std::bit_cast<std::int32_t>(kUlpIsOne);
}

/// By its bits: this file is compiled for finite numbers only, which makes the clipping min and
/// max instructions. Infinities are clipped by these as any large number is.
float zero_if_nan(float sample) {
  constexpr std::int32_t kInfinity = 0x7F80'0000;
  const auto bits = std::bit_cast<std::int32_t>(sample);
  return std::bit_cast<float>((bits & 0x7FFF'FFFF) > kInfinity ? 0 : bits);
}

std::size_t encode_s16(std::span<const float> samples, std::byte* bytes) {
  constexpr float kFullScale = 32'767;
  constexpr std::size_t kPiece = 256;
  std::array<std::int16_t, kPiece> piece{};
  std::size_t clipped = 0;
  while (!samples.empty()) {
    const std::size_t size = std::min(samples.size(), kPiece);
    std::int32_t clipped_here = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const float value = zero_if_nan(samples[i]) * kFullScale;
      const float bounded = std::max(std::min(value, kFullScale), -kFullScale);
      clipped_here += std::abs(value - bounded) > 0.5F ? 1 : 0;
      piece[i] = static_cast<std::int16_t>(nearest(bounded));
    }
    std::memcpy(bytes, piece.data(), size * sizeof(std::int16_t));
    clipped += static_cast<std::size_t>(clipped_here);
    bytes += size * sizeof(std::int16_t);
    samples = samples.subspan(size);
  }
  return clipped;
}

std::size_t encode_s24(std::span<const float> samples, std::byte* bytes) {
  constexpr double kFullScale = 8'388'607;
  std::size_t clipped = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double value = static_cast<double>(zero_if_nan(samples[i])) * kFullScale;
    clipped += static_cast<std::size_t>(std::abs(value) > kFullScale + 0.5);
    const double bounded = std::min(std::max(value, -kFullScale), kFullScale);
    const auto integer = static_cast<std::int32_t>(std::lrint(bounded));
    std::memcpy(bytes + 3 * i, &integer, 3);
  }
  return clipped;
}

void encode_f32(std::span<const float> samples, std::byte* bytes) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const float value = zero_if_nan(samples[i]);
    std::memcpy(bytes + 4 * i, &value, 4);
  }
}

}  // namespace

std::size_t encode_samples(SampleFormat format, std::span<const float> samples, std::span<std::byte> bytes) {
  assert(bytes.size() >= samples.size() * bytes_per_sample(format));
  switch (format) {
    case SampleFormat::s16:
      return encode_s16(samples, bytes.data());
    case SampleFormat::s24:
      return encode_s24(samples, bytes.data());
    case SampleFormat::f32:
      encode_f32(samples, bytes.data());
      return 0;
  }
  return 0;
}

}  // namespace fmrx::sink
