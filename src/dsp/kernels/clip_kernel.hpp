// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/vector.hpp"

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

/// The same of whole registers, in passing.
class EndWatch {
 public:
  /// With 1 added, 0 and 255 are the least bytes.
  void see(Floats raw) { least_ = smaller(least_, bytes(raw) + std::uint8_t{1}); }

  [[nodiscard]] bool any() const {
    std::uint8_t least = 255;
    for (std::size_t n = 0; n < kVector_bytes; ++n) least = least_[n] < least ? least_[n] : least;
    return least <= 1;
  }

 private:
  Bytes least_ = ~Bytes{};
};

}  // namespace
}  // namespace fmrx::dsp
