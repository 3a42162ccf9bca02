// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "base/iq.hpp"
#include "base/units.hpp"
#include "dsp/block_stream.hpp"

namespace fmrx::dsp {

/// How the station comes in, for people to read. Levels are those of the last
/// tenth of a second.
struct Reception {
  Decibels carrier_dbfs;
  Decibels cn;  ///< carrier to noise in 200 kHz, over a second
  Hertz multiplex_deviation_peak;
  Hertz pilot_deviation;
  Hertz carrier_offset;  ///< of the station from where it was expected
  bool pilot_locked = false;
  bool stereo = false;
  double clip_rate = 0;  ///< share of samples at full scale
  Hertz bandwidth;       ///< of the channel filter, from edge to edge
  double multipath = 0;  ///< amplitude of echoes, as a share of the direct wave's
};

/// The multiplex around 38 kHz, in complex samples of a fraction of its rate: frequencies are the
/// multiplex's own, modulo that rate, and nothing folds onto 3 .. 73 kHz.
struct DifferenceBand {
  double rate_hz = 0;
  std::size_t history = 0;  ///< samples in memory before those that are given
  double delay_s = 0;       ///< sample m stands for the multiplex of the time m / rate_hz - delay_s
  std::function<double(double f_hz)> gain;  ///< a cosine of amplitude 1 at f comes with gain(f) / 2
};

/// Receives one station: raw IQ in, 48 kHz stereo out. FmReceiver, or what a test has instead.
class StationReceiver {
 public:
  StationReceiver() = default;
  virtual ~StationReceiver() = default;

  /// Interleaved left and right at 48 kHz, 1.0 = 75 kHz deviation; valid until the
  /// next call. After n samples in all, floor(n * 48000 / rate) frames have come.
  [[nodiscard]] virtual std::span<const float> process(IqView iq) = 0;

  /// The multiplex of the last process(), for decoders that work beside the audio: 1.0 = 75 kHz
  /// deviation, gain Discriminator::droop(f, multiplex_rate_hz()). Valid until the next call.
  [[nodiscard]] virtual std::span<const float> multiplex() const = 0;
  [[nodiscard]] virtual double multiplex_rate_hz() const = 0;

  /// Of the same multiplex, for decoders of what lies beside the difference signal; as valid. Older
  /// samples lie before them, difference_band().history, and kReadSlack may be read behind.
  [[nodiscard]] virtual ComplexView difference_samples() const = 0;
  [[nodiscard]] virtual DifferenceBand difference_band() const = 0;

  [[nodiscard]] virtual Reception reception() const = 0;

  /// The station's C/N since the last call, and of nothing before: for who changes something and
  /// wants to know what came of it. Nothing if that was too short a time, some 0.05 s.
  [[nodiscard]] virtual std::optional<Decibels> take_carrier_to_noise() = 0;

 protected:
  StationReceiver(const StationReceiver&) = default;
  StationReceiver& operator=(const StationReceiver&) = default;
  StationReceiver(StationReceiver&&) = default;
  StationReceiver& operator=(StationReceiver&&) = default;
};

}  // namespace fmrx::dsp
