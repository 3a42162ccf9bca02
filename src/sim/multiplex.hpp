// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <optional>
#include <span>

#include "base/units.hpp"
#include "sim/programme.hpp"
#include "sim/rds_waveform.hpp"
#include "sim/station.hpp"

namespace fmrx::sim {

/// Five samples for each of the audio, and room for 120 kHz.
inline constexpr SampleRate kMultiplexRate{240'000};
inline constexpr Hertz kPilot{19'000};

/// 1 ms: 19 cycles of the pilot, 48 audio samples.
inline constexpr std::size_t kMultiplexBlock = 240;

/// A station's baseband (ITU-R BS.450, pilot-tone system), 1.0 = 75 kHz deviation:
///
///   (L + R)/2 + (L - R)/2 sin 2wt + 0.09 sin wt + 0.027 r sin 3wt,  w = 2 pi 19 kHz
///
/// L and R with a pre-emphasis of 50 us, r the RDS signal. A mono station has
/// neither pilot nor difference signal.
class Multiplex {
 public:
  explicit Multiplex(const Station& station);

  /// The next millisecond. Sample 5 k belongs to audio sample k: no delay.
  void render(std::span<float, kMultiplexBlock> signal);

 private:
  static constexpr std::size_t kInterpolation = 5;
  static constexpr std::size_t kReach = 11;  ///< audio samples on each side of the kernel
  static constexpr std::size_t kTaps = 2 * kReach;
  static constexpr std::size_t kAudioBlock = kMultiplexBlock / kInterpolation;
  static constexpr std::size_t kHistory = kTaps;

  using AudioWindow = std::array<float, kHistory + kAudioBlock>;
  using Kernel = std::array<std::array<float, kTaps>, kInterpolation>;
  static Kernel preemphasis_kernel();

  void read_audio();
  void interpolate(const AudioWindow& audio, std::span<float, kMultiplexBlock> out) const;

  Programme programme_;
  std::optional<RdsWaveform> rds_;
  bool stereo_;
  Kernel kernel_;
  AudioWindow sum_{};         ///< (L + R)/2 at 48 kHz
  AudioWindow difference_{};  ///< (L - R)/2
  std::array<float, kMultiplexBlock> work_{};
  std::array<float, kMultiplexBlock> pilot_{};
  std::array<float, kMultiplexBlock> subcarrier_38k_{};
  std::array<float, kMultiplexBlock> subcarrier_57k_{};
};

}  // namespace fmrx::sim
