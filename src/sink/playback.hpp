// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "base/units.hpp"
#include "rt/spsc_ring.hpp"

namespace fmrx::sink {

/// What the card's thread notes each time it fetches audio.
struct Fetch {
  std::int64_t time_ns;     ///< by std::chrono::steady_clock, which all processes share
  std::int64_t latency_ns;  ///< from then until the first frame of it is heard, as the card says
  std::int64_t demanded;    ///< frames that the card had fetched before, silence too
  std::int64_t lag;         ///< by how many frames the audio in the ring is behind `demanded`
  std::uint32_t frames;     ///< fetched this time
  bool playing;             ///< all of it audio: `lag` stays as it is
};

/// What lies between the loop, which writes audio, and a sound card's real-time callback,
/// which fetches it: a ring, 5 ms fades where audio begins, breaks off and ends, and the order
/// when to begin. Never blocks, never allocates, holds no pointer: the card's side may be
/// another process.
class Playback {
 public:
  /// 1.37 s at 48 kHz, 0.34 s at 192 kHz.
  static constexpr std::size_t kCapacity_samples = 131'072;

  explicit Playback(SampleRate rate = kAudioRate) { set_rate(rate); }

  // The loop's end.

  /// Writes whole frames, as many as fit, and says how many samples that were.
  std::size_t write(std::span<const float> samples) noexcept { return ring_.write(samples); }

  /// True: the card plays silence, because the audio has not begun or has run out, until it is
  /// told to begin.
  [[nodiscard]] bool holds() const noexcept { return order_.load() != kPlay; }
  /// The next audio is played as soon as the card fetches.
  void begin() noexcept { order_to_begin(kAtOnce); }
  /// Frame n of all that was written is to be the card's frame n + lag. Until that moment it may
  /// be ordered anew; what is written too late for it is left out.
  void begin_with_lag(std::int64_t lag) noexcept { order_to_begin(lag); }

  /// No more comes: running empty is no underrun any more.
  void expect_end() noexcept { end_expected_.store(true); }

  /// Fades out at once and for good. From any thread.
  void fade_out() noexcept { fading_out_.store(true); }

  [[nodiscard]] std::size_t size() const noexcept { return ring_.size(); }
  [[nodiscard]] std::size_t space() const noexcept { return ring_.space(); }

  /// How often the card has fetched audio: a card that lives goes on doing so.
  [[nodiscard]] std::uint64_t fetches() const noexcept { return fetches_.load(); }
  /// How often audio broke off because none had come.
  [[nodiscard]] std::uint64_t underruns() const noexcept { return underruns_.load(); }

  /// How many frames of silence the card has fetched since the last audio.
  [[nodiscard]] std::uint64_t silent_frames() const noexcept { return silent_frames_.load(); }

  /// The oldest note that was not read yet; false: there is none. Unread ones are lost in time.
  [[nodiscard]] bool read_note(Fetch& note) noexcept { return notes_.read({&note, 1}) == 1; }

  // The card's end.

  /// Before the first fetch.
  void set_rate(SampleRate rate) noexcept {
    fade_frames_ = rate.value() * 5 / 1000;
    gain_step_ = 1.0F / static_cast<float>(fade_frames_);
  }

  /// Fills `out`, whole interleaved frames, with audio, and with silence where there is none.
  /// Its first frame will be heard `latency` after `now`.
  void fetch(std::span<float> out, std::chrono::steady_clock::time_point now,
             std::chrono::nanoseconds latency) noexcept;

 private:
  static constexpr std::int64_t kHold = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kPlay = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t kAtOnce = kPlay - 1;

  void order_to_begin(std::int64_t lag) noexcept;
  std::size_t silence_before_audio(std::size_t frames) noexcept;
  bool skip(std::int64_t frames) noexcept;
  bool play(std::span<float> out) noexcept;
  void apply_gain(std::span<float> audio, bool fading_out) noexcept;
  void fade_tail(std::span<float> audio) const noexcept;

  std::atomic<std::int64_t> order_{kHold};  ///< or kPlay, kAtOnce; else the lag to begin with
  std::atomic<bool> end_expected_{false};
  std::atomic<bool> fading_out_{false};
  std::atomic<std::uint64_t> fetches_{0};
  std::atomic<std::uint64_t> underruns_{0};
  std::atomic<std::uint64_t> silent_frames_{0};
  rt::SpscRing<float, std::array<float, kCapacity_samples>> ring_;
  rt::SpscRing<Fetch, std::array<Fetch, 1024>> notes_;

  // The card's thread only.
  std::size_t fade_frames_ = 0;
  float gain_step_ = 0;
  float gain_ = 0;  ///< 0: the next audio fades in
  std::int64_t demanded_ = 0;
  std::int64_t read_ = 0;  ///< frames from the ring
};

static_assert(std::atomic<std::int64_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

}  // namespace fmrx::sink
