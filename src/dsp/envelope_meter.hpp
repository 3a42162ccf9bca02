// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "dsp/block_stream.hpp"

namespace fmrx::dsp {

/// What a run of samples is made of: a carrier of steady power, and the rest that makes
/// its envelope vary (noise, other stations, echoes).
struct Envelope {
  double carrier = 0;
  double rest = 0;

  /// The rest as a share of the carrier.
  [[nodiscard]] double unsteadiness() const { return carrier > 0 ? rest / carrier : 1; }
};

/// Carrier and noise from the moments of the envelope. A carrier of constant power C in
/// complex Gaussian noise of power N has
///   m2 = E|z|^2 = C + N,   m4 = E|z|^4 = C^2 + 4CN + 2N^2,
/// hence C = sqrt(2 m2^2 - m4).
class EnvelopeMeter {
 public:
  void process(ComplexView channel);

  /// Of all samples since the last call.
  [[nodiscard]] Envelope take();

 private:
  std::uint64_t index_ = 0;
  std::uint64_t count_ = 0;
  double second_moment_ = 0;
  double fourth_moment_ = 0;
};

}  // namespace fmrx::dsp
