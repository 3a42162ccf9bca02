// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bit>
#include <cstdint>

namespace fmrx::sim {

struct SinCos {
  float sin;
  float cos;
};

/// Sine and cosine of a phase in 2^-32 turns, right to 2e-7. No branch and no
/// table, so that a loop over it becomes vector instructions.
[[nodiscard]] inline SinCos sincos_of_turn(std::uint32_t phase) {
  // Folded to a quarter: x = 1 - 4 |turns|, then the cosine is sin(pi/2 x) and the
  // sine is +-cos(pi/2 x). The fold is the one's complement, 2^-32 turns short.
  const auto sign = static_cast<std::uint32_t>(static_cast<std::int32_t>(phase) >> 31);
  const auto folded = static_cast<std::int32_t>((1U << 30) - (phase ^ sign));
  const float x = static_cast<float>(folded) * 0x1p-30F;
  const float x2 = x * x;
  // Chebyshev fits on [-1, 1], errors 3e-9 and 2e-10.
  const float odd =
      x * (1.5707962899e+00F +
           x2 * (-6.4596335827e-01F +
                 x2 * (7.9688474798e-02F + x2 * (-4.6722202654e-03F + x2 * 1.5081716069e-04F))));
  const float even =
      9.9999999978e-01F +
      x2 * (-1.2337005343e+00F +
            x2 * (2.5366932247e-01F +
                  x2 * (-2.0862687547e-02F + x2 * (9.1772388176e-04F + x2 * -2.3824535383e-05F))));
  return {std::bit_cast<float>(std::bit_cast<std::uint32_t>(even) ^ (phase & 0x80000000U)), odd};
}

}  // namespace fmrx::sim
