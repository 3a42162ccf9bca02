// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/programme.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fmrx::sim {

Programme::Programme(const Station& station) : synthesiser_(*station.piece), stereo_(station.stereo) {}

void Programme::render(std::span<float> stereo) {
  const std::size_t silent =
      std::min<std::size_t>(stereo.size() / kAudioChannels, kSilence - std::min(position_, kSilence));
  std::fill_n(stereo.begin(), silent * kAudioChannels, 0.0F);
  position_ += static_cast<std::uint32_t>(silent);
  stereo = stereo.subspan(silent * kAudioChannels);

  synthesiser_.render(stereo);
  if (!stereo_) {
    for (std::size_t i = 0; i + 1 < stereo.size(); i += 2)
      stereo[i] = stereo[i + 1] = (stereo[i] + stereo[i + 1]) / 2;
  }
  fade_in(stereo);
}

void Programme::fade_in(std::span<float> stereo) {
  for (std::size_t i = 0; i + 1 < stereo.size() && position_ < kSilence + kFade; i += 2, ++position_) {
    const float phase = static_cast<float>(position_ - kSilence) / static_cast<float>(kFade);
    const float gain = 0.5F - 0.5F * std::cos(std::numbers::pi_v<float> * phase);
    stereo[i] *= gain;
    stereo[i + 1] *= gain;
  }
}

}  // namespace fmrx::sim
