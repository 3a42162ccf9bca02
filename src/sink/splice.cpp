// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/splice.hpp"

#include <algorithm>
#include <cassert>

namespace fmrx::sink {

void Splice::leave_out(std::size_t frames) {
  assert(frames >= kFade_frames);
  if (to_fade_ > 0) return;
  to_keep_ = kFade_frames;
  to_leave_ = frames - kFade_frames;
  to_fade_ = kFade_frames;
}

std::span<const float> Splice::process(std::span<const float> in) {
  if (to_fade_ == 0) return in;

  const std::size_t kept = std::min(to_keep_, in.size() / kAudioChannels);
  const auto place = before_.end() - static_cast<std::ptrdiff_t>(kAudioChannels * to_keep_);
  std::ranges::copy(in.first(kAudioChannels * kept), place);
  in = in.subspan(kAudioChannels * kept);
  to_keep_ -= kept;

  const std::size_t left = std::min(to_leave_, in.size() / kAudioChannels);
  in = in.subspan(kAudioChannels * left);
  to_leave_ -= left;

  out_.assign(in.begin(), in.end());
  const std::size_t faded = std::min(to_fade_, in.size() / kAudioChannels);
  for (std::size_t frame = 0; frame < faded; ++frame) {
    const std::size_t at = kFade_frames - to_fade_ + frame;
    const float share = (static_cast<float>(at) + 0.5F) / static_cast<float>(kFade_frames);
    for (std::size_t channel = 0; channel < kAudioChannels; ++channel) {
      const float before = before_[kAudioChannels * at + channel];
      float& sample = out_[kAudioChannels * frame + channel];
      sample = before + share * (sample - before);
    }
  }
  to_fade_ -= faded;
  return out_;
}

}  // namespace fmrx::sink
