// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <span>

#include "base/iq.hpp"

namespace fmrx::sim {

/// Writes IQ samples as bytes of a format, little-endian, rounded to the nearest
/// step and clipped at full scale. bytes.size() must be
/// iq.size() * bytes_per_sample(format).
void quantise(std::span<const std::complex<float>> iq, IqFormat format, std::span<std::byte> bytes);

}  // namespace fmrx::sim
