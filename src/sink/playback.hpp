// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "rt/spsc_ring.hpp"

namespace fmrx::sink {

/// What lies between the loop, which writes audio, and a sound card's real-time callback,
/// which fetches it: a ring, and 5 ms fades where audio begins, breaks off and ends. Never
/// blocks, never allocates.
class Playback {
 public:
  /// Interleaved samples, a whole number of frames.
  explicit Playback(std::size_t capacity_samples) : ring_(capacity_samples) {}

  // The loop's end.

  /// Writes whole frames, as many as fit, and says how many samples that were.
  std::size_t write(std::span<const float> samples) noexcept { return ring_.write(samples); }

  /// No more comes: running empty is no underrun any more.
  void expect_end() noexcept { end_expected_.store(true); }

  /// Fades out at once and for good. From any thread.
  void fade_out() noexcept { fading_out_.store(true); }

  [[nodiscard]] std::size_t size() const noexcept { return ring_.size(); }
  [[nodiscard]] std::size_t space() const noexcept { return ring_.space(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return ring_.capacity(); }

  /// How often the card has fetched audio: a card that lives goes on doing so.
  [[nodiscard]] std::uint64_t fetches() const noexcept { return fetches_.load(); }
  /// How often audio broke off because none had come.
  [[nodiscard]] std::uint64_t underruns() const noexcept { return underruns_.load(); }

  /// How many frames of silence the card has fetched since the last audio.
  [[nodiscard]] std::uint64_t silent_frames() const noexcept { return silent_frames_.load(); }

  // The card's end.

  /// Fills `out`, whole interleaved frames, with audio, and with silence where there is none.
  void fetch(std::span<float> out) noexcept;

 private:
  void apply_gain(std::span<float> audio, bool fading_out) noexcept;

  rt::SpscRing<float> ring_;
  std::atomic<bool> end_expected_{false};
  std::atomic<bool> fading_out_{false};
  std::atomic<std::uint64_t> fetches_{0};
  std::atomic<std::uint64_t> underruns_{0};
  std::atomic<std::uint64_t> silent_frames_{0};
  float gain_ = 0;  ///< the card's thread only; 0: the next audio fades in
};

}  // namespace fmrx::sink
