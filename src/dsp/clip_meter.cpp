// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/clip_meter.hpp"

#include <cstddef>
#include <cstring>
#include <span>

namespace fmrx::dsp {
namespace {

std::uint64_t clipped_cu8(std::span<const std::byte> bytes) {
  const auto at_end = [](std::byte part) { return part == std::byte{0} || part == std::byte{255}; };
  std::uint64_t clipped = 0;
  for (std::size_t n = 0; n + 2 <= bytes.size(); n += 2)
    clipped += at_end(bytes[n]) || at_end(bytes[n + 1]) ? 1 : 0;
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
