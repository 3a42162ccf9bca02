// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dsp/station_receiver.hpp"

namespace fmrx::test {

/// Frames of audio that carry a number instead of sound, so that what comes out of fmrx tells which
/// samples went in. A number is two digits, one for each channel: 1 to 32767, since 0 is silence. They
/// survive 16 bits exactly.
namespace numbered {

inline constexpr std::uint64_t kBase = 32'767;
/// After so many frames, 6.2 hours, numbers begin anew.
inline constexpr std::uint64_t kPeriod = kBase * kBase;
/// Two IQ samples of cu8 carry a frame.
inline constexpr SampleRate kIqRate{96'000};
inline constexpr std::size_t kIqBytesPerFrame = 4;

/// IQ of the frames `first` and those after it.
void fill(std::span<std::byte> iq, std::uint64_t first);

}  // namespace numbered

/// In place of the demodulator: IQ of numbered frames in, numbered frames out.
class NumberReceiver final : public dsp::StationReceiver {
 public:
  [[nodiscard]] std::span<const float> process(IqView iq) override;
  [[nodiscard]] std::span<const float> multiplex() const override { return {}; }
  [[nodiscard]] double multiplex_rate_hz() const override { return 0; }
  [[nodiscard]] dsp::ComplexView difference_samples() const override { return {}; }
  [[nodiscard]] dsp::DifferenceBand difference_band() const override { return {}; }
  [[nodiscard]] dsp::Reception reception() const override { return {}; }
  [[nodiscard]] std::optional<Decibels> take_carrier_to_noise() override { return std::nullopt; }

 private:
  std::vector<float> audio_;
};

/// Looks at a recording, frame by frame.
class NumberTrack {
 public:
  /// Interleaved stereo of 16 bits.
  void follow(std::span<const std::int16_t> samples);

  [[nodiscard]] std::uint64_t frames() const { return frames_; }
  [[nodiscard]] std::uint64_t numbered() const { return numbered_; }
  [[nodiscard]] std::uint64_t first() const { return first_; }
  [[nodiscard]] std::uint64_t last() const { return last_; }
  /// Of numbers that lack between the first and the last.
  [[nodiscard]] std::uint64_t missing() const { return numbered_ > 0 ? last_ - first_ + 1 - numbered_ : 0; }
  /// Frames of the recording from the first numbered one to the last.
  [[nodiscard]] std::uint64_t span() const { return last_place_ - first_place_ + 1; }
  /// Frames that are no number, or one that had come before: never, if all is well.
  [[nodiscard]] std::uint64_t wrong() const { return wrong_; }

 private:
  void note(std::uint64_t number);

  std::uint64_t frames_ = 0;
  std::uint64_t numbered_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t first_place_ = 0;
  std::uint64_t last_place_ = 0;
};

}  // namespace fmrx::test
