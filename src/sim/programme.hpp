// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "sim/station.hpp"
#include "sim/synthesiser.hpp"

namespace fmrx::sim {

/// What a station plays: the reference that a receiver's audio is compared with.
/// Sample 0 is modulated onto IQ sample 0.
class Programme {
 public:
  /// Samples of silence at the beginning, then of the fade, during which a
  /// receiver finds the pilot.
  static constexpr std::uint32_t kSilence = 12'000;
  static constexpr std::uint32_t kFade = 24'000;

  explicit Programme(const Station& station);

  /// The next samples: 48 kHz, interleaved stereo, 1.0 = 75 kHz deviation before
  /// pre-emphasis. A mono station has the same on both channels. Nothing above
  /// 15 kHz.
  void render(std::span<float> stereo);

 private:
  void fade_in(std::span<float> stereo);

  Synthesiser synthesiser_;
  bool stereo_;
  std::uint32_t position_ = 0;  ///< stops counting after the fade
};

}  // namespace fmrx::sim
