// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/clip_meter.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

namespace fmrx::dsp {
namespace {

/// Samples that are looked at together: where none of them clips, that is all.
constexpr std::size_t kGroup_bytes = 4096;

std::uint64_t clipped_cu8(const Kernels& kernels, std::span<const std::byte> bytes) {
  std::uint64_t clipped = 0;
  while (!bytes.empty()) {
    const auto group = bytes.first(std::min(bytes.size(), kGroup_bytes));
    const std::span parts(reinterpret_cast<const std::uint8_t*>(group.data()), group.size());
    if (kernels.any_at_end(parts.data(), parts.size()))
      for (std::size_t n = 0; n < parts.size(); n += 2)
        clipped += (parts[n] == 0 || parts[n] == 255 || parts[n + 1] == 0 || parts[n + 1] == 255) ? 1 : 0;
    bytes = bytes.subspan(group.size());
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

}  // namespace

std::uint64_t ClipMeter::clipped_in(IqView iq) const {
  switch (iq.format) {
    case IqFormat::cu8:
      return clipped_cu8(kernels_, iq.bytes);
    case IqFormat::cs16:
      return clipped_signed<std::int16_t>(iq.bytes, 32767);
    case IqFormat::cf32:
      return clipped_signed<float>(iq.bytes, 0.99999F);
  }
  return 0;
}

void ClipMeter::process(IqView iq) {
  clipped_ += clipped_in(iq);
  in_window_ += iq.samples();
  if (in_window_ < window_) return;
  clip_rate_ = static_cast<double>(clipped_) / static_cast<double>(in_window_);
  clipped_ = 0;
  in_window_ = 0;
}

}  // namespace fmrx::dsp
