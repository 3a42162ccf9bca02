// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dsp/fir.hpp"
#include "dsp/oscillator.hpp"
#include "dsp/station_receiver.hpp"
#include "dsp/stream_buffer.hpp"

namespace fmrx::rds {

inline constexpr double kSubcarrier_Hz = 57'000;

/// The band around 57 kHz, brought down to 0 Hz and decimated to some 20 kS/s: of the whole
/// multiplex, or of what a station's receiver has of it around 38 kHz, which takes less than half the
/// work. The oscillator is folded into the taps. The band is flat over the +-2.4 kHz of RDS, and
/// nothing folds into it.
class SubcarrierBand {
 public:
  /// rate_hz: of the multiplex, at least 120 kHz.
  SubcarrierBand(double rate_hz, std::size_t max_block);
  SubcarrierBand(const dsp::DifferenceBand& source, std::size_t max_block);

  /// Of what the constructor was told: the multiplex, or the band around 38 kHz. At most max_block
  /// samples in; the view is valid until the next call.
  [[nodiscard]] dsp::ComplexView process(std::span<const float> multiplex);
  [[nodiscard]] dsp::ComplexView process(dsp::ComplexView difference);

  [[nodiscard]] double rate_hz() const { return rate_hz_; }
  [[nodiscard]] std::size_t max_output() const { return low_pass_.max_output(); }
  /// Output n stands for the multiplex of the time n / rate_hz() - delay_s().
  [[nodiscard]] double delay_s() const { return delay_s_; }

 private:
  static constexpr std::size_t kTurns = 64;
  /// Real and imaginary part.
  using Taps = std::array<std::vector<double>, 2>;

  SubcarrierBand(double source_rate_hz, double source_delay_s, const Taps& taps, bool is_complex,
                 std::size_t max_block);
  [[nodiscard]] dsp::ComplexView turned(std::size_t count);
  void turn_run(float* re, float* im, std::size_t first, std::size_t count) const;

  std::size_t step_;
  double rate_hz_;
  dsp::TurnCounter turns_;  ///< of 57 kHz, a step of the output
  std::array<float, kTurns> turn_re_;
  std::array<float, kTurns> turn_im_;
  std::complex<float> turn_base_{1, 0};
  dsp::Fir low_pass_;
  std::optional<dsp::Fir> imaginary_low_pass_;
  dsp::BlockStream source_;
  dsp::BlockStream imaginary_source_;
  double delay_s_;
  std::int64_t outputs_ = 0;
  std::vector<float> re_;
  std::vector<float> im_;
  std::vector<float> re_by_im_;  ///< made of the source's imaginary part
  std::vector<float> im_by_im_;
};

}  // namespace fmrx::rds
