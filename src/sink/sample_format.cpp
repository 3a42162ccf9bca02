// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/sample_format.hpp"

#include <algorithm>
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

std::size_t encode_s16(std::span<const float> samples, std::byte* bytes) {
  constexpr float kFullScale = 32'767;
  std::uint32_t clipped = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const float value = std::isnan(samples[i]) ? 0.0F : samples[i] * kFullScale;
    clipped += static_cast<std::uint32_t>(std::abs(value) > kFullScale + 0.5F);
    const float bounded = std::min(std::max(value, -kFullScale), kFullScale);
    const auto integer = static_cast<std::int16_t>(nearest(bounded));
    std::memcpy(bytes + 2 * i, &integer, 2);
  }
  return clipped;
}

std::size_t encode_s24(std::span<const float> samples, std::byte* bytes) {
  constexpr double kFullScale = 8'388'607;
  std::size_t clipped = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double value = std::isnan(samples[i]) ? 0.0 : static_cast<double>(samples[i]) * kFullScale;
    clipped += static_cast<std::size_t>(std::abs(value) > kFullScale + 0.5);
    const double bounded = std::min(std::max(value, -kFullScale), kFullScale);
    const auto integer = static_cast<std::int32_t>(std::lrint(bounded));
    std::memcpy(bytes + 3 * i, &integer, 3);
  }
  return clipped;
}

void encode_f32(std::span<const float> samples, std::byte* bytes) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const float value = std::isnan(samples[i]) ? 0.0F : samples[i];
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
