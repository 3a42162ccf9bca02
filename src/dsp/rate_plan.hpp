// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/units.hpp"

namespace fmrx::dsp {

// What the pilot-tone system puts where (ITU-R BS.450-4, section 2.2).
inline constexpr double kPilot_Hz = 19'000;
inline constexpr double kSubcarrier_Hz = 38'000;
inline constexpr double kAudioBandwidth_Hz = 15'000;

/// Where the audio filters stop: far enough below the pilot to stop it wholly.
inline constexpr double kAudioStop_Hz = 18'400;

/// Half the width of a station's channel: the nearest its centre may come to the
/// edge of the capture.
inline constexpr double kChannelHalfWidth_Hz = 100'000;

/// How the chain steps down from the capture's rate:
///
///   input --/D--> IF --/K--> baseband --rational--> 48 kHz
///                                    \--/P--> pilot
struct RatePlan {
  /// Throws fmrx::Error for a rate outside 225 kS/s to 3.2 MS/s.
  explicit RatePlan(SampleRate input);

  SampleRate input;
  std::uint32_t if_decimation;        ///< D: IF next to 480 kHz, not below 384 where the input allows
  std::uint32_t baseband_decimation;  ///< K: baseband 96 to 144 kHz
  /// P: 2 to 3 kHz for the pilot loop, whose bandwidth ends at 30 Hz.
  static constexpr std::uint32_t kPilotDecimation = 48;

  [[nodiscard]] double if_hz() const { return input.hz() / if_decimation; }
  [[nodiscard]] double baseband_hz() const { return if_hz() / baseband_decimation; }
  [[nodiscard]] double pilot_hz() const { return baseband_hz() / kPilotDecimation; }
};

}  // namespace fmrx::dsp
