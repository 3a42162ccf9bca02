// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/playback.hpp"

#include <algorithm>

#include "base/units.hpp"

namespace fmrx::sink {

namespace {

constexpr std::size_t kFade_frames = kAudioRate.value() * 5 / 1000;
constexpr float kFadeStep = 1.0F / static_cast<float>(kFade_frames);

/// Lets the last 5 ms before a gap, or what there is of them, fall to nothing.
void fade_tail(std::span<float> audio) {
  const std::size_t frames = std::min(kFade_frames, audio.size() / kAudioChannels);
  const std::span<float> tail = audio.last(frames * kAudioChannels);
  const float step = 1.0F / static_cast<float>(frames + 1);
  for (std::size_t i = 0; i < tail.size(); ++i) {
    tail[i] *= 1.0F - step * static_cast<float>(i / kAudioChannels + 1);
  }
}

}  // namespace

void Playback::fetch(std::span<float> out) noexcept {
  const bool fading_out = fading_out_.load();
  const bool was_playing = gain_ > 0;
  const std::size_t count = ring_.read(out);
  const std::span<float> audio = out.first(count);
  const std::span<float> gap = out.subspan(count);
  std::ranges::fill(gap, 0.0F);
  apply_gain(audio, fading_out);
  if (!gap.empty()) {
    fade_tail(audio);
    gain_ = 0;
    if ((was_playing || count > 0) && !end_expected_.load() && !fading_out) ++underruns_;
  }
  const bool any_audible = count > 0 && (was_playing || !fading_out);
  const std::size_t silence = any_audible ? gap.size() : out.size();
  silent_frames_.store((any_audible ? 0 : silent_frames_.load()) + silence / kAudioChannels);
  ++fetches_;
}

void Playback::apply_gain(std::span<float> audio, bool fading_out) noexcept {
  if (!fading_out && gain_ == 1) return;
  const float step = fading_out ? -kFadeStep : kFadeStep;
  for (std::size_t i = 0; i < audio.size(); i += kAudioChannels) {
    for (std::size_t channel = 0; channel < kAudioChannels; ++channel) audio[i + channel] *= gain_;
    gain_ = std::clamp(gain_ + step, 0.0F, 1.0F);
  }
}

}  // namespace fmrx::sink
