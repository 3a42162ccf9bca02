// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>

#include "sink/sink.hpp"

namespace fmrx::sink {

[[nodiscard]] constexpr std::size_t bytes_per_sample(SampleFormat format) {
  switch (format) {
    case SampleFormat::s16:
      return 2;
    case SampleFormat::s24:
      return 3;
    case SampleFormat::f32:
      return 4;
  }
  return 0;
}

[[nodiscard]] constexpr std::size_t bytes_per_frame(SampleFormat format, unsigned channels = kAudioChannels) {
  return channels * bytes_per_sample(format);
}

/// Writes `samples` to `bytes` (bytes_per_sample() for each) and says how many did not fit the
/// format and were clipped. 1.0 becomes the largest positive integer, 2^15 - 1 or 2^23 - 1,
/// so that audio of 75 kHz deviation just fits; integers are rounded to the nearest. A NaN
/// becomes 0. f32 keeps what exceeds 1.0.
std::size_t encode_samples(SampleFormat format, std::span<const float> samples, std::span<std::byte> bytes);

}  // namespace fmrx::sink
