// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/clip_meter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace fmrx::dsp {
namespace {

/// In numbers of 16 bits, which a register holds many of; they do not overflow within kRun samples.
std::uint64_t clipped_cu8(std::span<const std::byte> bytes) {
  constexpr std::size_t kRun = 32'768;
  const std::size_t samples = bytes.size() / 2;
  std::uint64_t clipped = 0;
  for (std::size_t first = 0; first < samples; first += kRun) {
    const std::size_t end = std::min(first + kRun, samples);
    std::uint16_t in_run = 0;
    for (std::size_t n = first; n < end; ++n) {
      std::uint16_t both;
      std::memcpy(&both, bytes.data() + 2 * n, sizeof both);
      const auto low = static_cast<std::uint16_t>(both & 0xFFU);
      const auto high = static_cast<std::uint16_t>(both >> 8U);
      const bool at_end = (low == 0) | (low == 255) | (high == 0) | (high == 255);
      in_run = static_cast<std::uint16_t>(in_run + (at_end ? 1 : 0));
    }
    clipped += in_run;
  }
  return clipped;
}

/// Samples of which a part is as large as `full_scale`, either sign.
template <class Part>
std::uint64_t clipped_signed(std::span<const std::byte> bytes, Part full_scale) {
  std::uint64_t clipped = 0;
  for (std::size_t n = 0; n + 2 * sizeof(Part) <= bytes.size(); n += 2 * sizeof(Part)) {
    Part parts[2];
    std::memcpy(parts, bytes.data() + n, sizeof parts);
    clipped += (parts[0] >= full_scale || parts[0] <= -full_scale || parts[1] >= full_scale ||
                parts[1] <= -full_scale)
                   ? 1
                   : 0;
  }
  return clipped;
}

std::uint64_t clipped_in(IqView iq) {
  switch (iq.format) {
    case IqFormat::cu8:
      return clipped_cu8(iq.bytes);
    case IqFormat::cs16:
      return clipped_signed<std::int16_t>(iq.bytes, 32767);
    case IqFormat::cf32:
      return clipped_signed<float>(iq.bytes, 0.99999F);
  }
  return 0;
}

}  // namespace

void ClipMeter::process(IqView iq, bool at_end) {
  if (at_end || iq.format != IqFormat::cu8) clipped_ += clipped_in(iq);
  in_window_ += iq.samples();
  if (in_window_ < window_) return;
  clip_rate_ = static_cast<double>(clipped_) / static_cast<double>(in_window_);
  clipped_ = 0;
  in_window_ = 0;
}

}  // namespace fmrx::dsp
