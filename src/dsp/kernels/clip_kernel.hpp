// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"

namespace fmrx::dsp {
namespace {

/// 0 and 255 are the bytes of which either they or their complement are 0.
bool any_at_end(const std::uint8_t* parts, std::size_t count) {
  std::uint8_t least = 255;
  for (std::size_t n = 0; n < count; ++n) {
    const auto complement = static_cast<std::uint8_t>(~parts[n]);
    const std::uint8_t distance = parts[n] < complement ? parts[n] : complement;
    least = distance < least ? distance : least;
  }
  return least == 0;
}

}  // namespace
}  // namespace fmrx::dsp
