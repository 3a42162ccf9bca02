// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fmrx {

/// How one IQ sample lies in memory: I, then Q, little-endian.
enum class IqFormat : std::uint8_t {
  cu8,   ///< unsigned 8 bit; zero is 127.5, full scale 127.5 steps away from it
  cs16,  ///< signed 16 bit; full scale 32767
  cf32,  ///< 32-bit float; full scale 1.0
};

/// Bytes of one IQ sample, I and Q together.
[[nodiscard]] constexpr std::size_t bytes_per_sample(IqFormat format) {
  switch (format) {
    case IqFormat::cu8:
      return 2;
    case IqFormat::cs16:
      return 4;
    case IqFormat::cf32:
      return 8;
  }
  return 0;
}

/// A run of raw IQ samples that somebody else owns. Raw, because converting is
/// the first step of the chain and is fused with the mixer there.
struct IqView {
  IqFormat format = IqFormat::cu8;
  std::span<const std::byte> bytes;  ///< a whole number of samples

  [[nodiscard]] std::size_t samples() const { return bytes.size() / bytes_per_sample(format); }
};

}  // namespace fmrx
