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

#include "dsp/block_stream.hpp"
#include "dsp/complex_fir.hpp"
#include "dsp/fir.hpp"
#include "dsp/oscillator.hpp"
#include "dsp/station_receiver.hpp"

namespace fmrx::rds {

inline constexpr double kSubcarrier_Hz = 57'000;

/// The band around 57 kHz, brought down to 0 Hz and decimated to some 20 kS/s: of the whole
/// multiplex, or of what a station's receiver has of it around 38 kHz, which takes less than half the
/// work. The oscillator is folded into the taps. The band is flat over the +-2.4 kHz of RDS, and
/// nothing folds into it. What is no number, or too large for one of a signal, is taken for silence: a file
/// may hold anything, and the loops behind would never get over it.
class SubcarrierBand {
 public:
  /// rate_hz: of the multiplex, at least 120 kHz.
  SubcarrierBand(double rate_hz, std::size_t max_block);
  SubcarrierBand(const dsp::DifferenceBand& source, std::size_t max_block);

  /// Of what the constructor was told: the multiplex, or the band around 38 kHz, with its history before
  /// it. At most max_block samples in; the view is valid until the next call.
  [[nodiscard]] dsp::ComplexView process(std::span<const float> multiplex);
  [[nodiscard]] dsp::ComplexView process(dsp::ComplexView difference);

  [[nodiscard]] double rate_hz() const { return rate_hz_; }
  [[nodiscard]] std::size_t max_output() const { return max_output_; }
  /// Output n stands for the multiplex of the time n / rate_hz() - delay_s().
  [[nodiscard]] double delay_s() const { return delay_s_; }

 private:
  static constexpr std::size_t kTurns = 64;

  SubcarrierBand(double source_rate_hz, double source_delay_s, std::size_t max_block);
  [[nodiscard]] dsp::ComplexView turned(std::size_t count);
  void turn_run(float* re, float* im, std::size_t first, std::size_t count) const;

  std::size_t step_;
  double rate_hz_;
  std::size_t max_output_;
  dsp::TurnCounter turns_;  ///< of 57 kHz, a step of the output
  std::array<float, kTurns> turn_re_;
  std::array<float, kTurns> turn_im_;
  std::complex<float> turn_base_{1, 0};
  std::optional<dsp::Fir> of_multiplex_;
  std::optional<dsp::BlockStream> multiplex_;
  std::optional<dsp::ComplexFir> of_difference_;
  double delay_s_;
  std::int64_t outputs_ = 0;
  std::vector<float> re_;
  std::vector<float> im_;
};

}  // namespace fmrx::rds
