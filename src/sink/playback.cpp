// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/playback.hpp"

#include <algorithm>

namespace fmrx::sink {

void Playback::order_to_begin(std::int64_t lag) noexcept {
  std::int64_t former = order_.load();
  // The card may begin, or break off, at this very moment.
  while (former != kPlay && !order_.compare_exchange_weak(former, lag)) {
  }
}

void Playback::fetch(std::span<float> out, std::chrono::steady_clock::time_point now,
                     std::chrono::nanoseconds latency) noexcept {
  const std::size_t frames = out.size() / kAudioChannels;
  const bool was_playing = order_.load() == kPlay;
  Fetch note{.time_ns = std::chrono::nanoseconds(now.time_since_epoch()).count(),
             .latency_ns = latency.count(),
             .demanded = demanded_,
             .lag = demanded_ - read_,
             .frames = static_cast<std::uint32_t>(frames),
             .playing = was_playing};

  const std::size_t silence = kAudioChannels * silence_before_audio(frames);
  std::ranges::fill(out.first(silence), 0.0F);
  const bool audible = play(out.subspan(silence));
  if (!audible) silent_frames_ += frames;
  note.playing = note.playing && order_.load() == kPlay;
  demanded_ += static_cast<std::int64_t>(frames);
  notes_.write({&note, 1});
  ++fetches_;
}

/// How many of `frames` are silence because the audio is not to begin before.
std::size_t Playback::silence_before_audio(std::size_t frames) noexcept {
  std::int64_t order = order_.load();
  if (order == kPlay) return 0;
  if (order == kHold) return frames;
  std::int64_t ahead = 0;
  if (order != kAtOnce) {
    ahead = order + read_ - demanded_;
    if (ahead >= static_cast<std::int64_t>(frames)) return frames;
    if (!skip(-ahead)) return frames;
  }
  if (!order_.compare_exchange_strong(order, kPlay)) return frames;  // ordered anew: next time
  return static_cast<std::size_t>(std::max<std::int64_t>(ahead, 0));
}

/// False: there are not so many.
bool Playback::skip(std::int64_t frames) noexcept {
  std::array<float, 256> unheard;
  while (frames > 0) {
    const std::size_t most = std::min(unheard.size(), kAudioChannels * static_cast<std::size_t>(frames));
    const std::size_t count = ring_.read(std::span(unheard).first(most)) / kAudioChannels;
    if (count == 0) return false;
    read_ += static_cast<std::int64_t>(count);
    frames -= static_cast<std::int64_t>(count);
  }
  return true;
}

/// Audio as far as there is any. False: it is all silence.
bool Playback::play(std::span<float> out) noexcept {
  if (out.empty()) return false;
  const bool fading_out = fading_out_.load();
  const bool was_audible = gain_ > 0;
  const std::size_t count = ring_.read(out);
  read_ += static_cast<std::int64_t>(count / kAudioChannels);
  const std::span<float> audio = out.first(count);
  const std::span<float> gap = out.subspan(count);
  std::ranges::fill(gap, 0.0F);
  apply_gain(audio, fading_out);
  const bool audible = count > 0 && (was_audible || !fading_out);
  if (!gap.empty()) {
    fade_tail(audio);
    gain_ = 0;
    if ((was_audible || count > 0) && !end_expected_.load() && !fading_out) ++underruns_;
    order_.store(kHold);
  }
  if (audible) silent_frames_.store(gap.size() / kAudioChannels);
  return audible;
}

void Playback::apply_gain(std::span<float> audio, bool fading_out) noexcept {
  if (!fading_out && gain_ == 1) return;
  const float step = fading_out ? -gain_step_ : gain_step_;
  for (std::size_t i = 0; i < audio.size(); i += kAudioChannels) {
    for (std::size_t channel = 0; channel < kAudioChannels; ++channel) audio[i + channel] *= gain_;
    gain_ = std::clamp(gain_ + step, 0.0F, 1.0F);
  }
}

/// Lets the last 5 ms before a gap, or what there is of them, fall to nothing.
void Playback::fade_tail(std::span<float> audio) const noexcept {
  const std::size_t frames = std::min(fade_frames_, audio.size() / kAudioChannels);
  const std::span<float> tail = audio.last(frames * kAudioChannels);
  const float step = 1.0F / static_cast<float>(frames + 1);
  for (std::size_t i = 0; i < tail.size(); ++i) {
    tail[i] *= 1.0F - step * static_cast<float>(i / kAudioChannels + 1);
  }
}

}  // namespace fmrx::sink
