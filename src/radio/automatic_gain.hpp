// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/iq.hpp"
#include "base/units.hpp"
#include "dsp/station_receiver.hpp"
#include "radio/gain_control.hpp"
#include "source/source.hpp"

namespace fmrx::radio {

/// Sets a tuner's gain by what comes out of it: feeds GainControl with a tenth of a second of
/// samples at a time, and says what it has chosen.
class AutomaticGain {
 public:
  /// `tuner` must outlive it and have gains.
  AutomaticGain(source::TunerGain& tuner, SampleRate rate);

  /// A block that `receiver` has received.
  void process(IqView iq, dsp::StationReceiver& receiver);

 private:
  void measure(IqView iq);
  void say_choice();

  source::TunerGain& tuner_;
  GainControl control_;
  std::uint64_t window_;  ///< samples of an observation
  std::uint64_t samples_ = 0;
  std::uint64_t clipped_ = 0;
  int peak_ = 0;  ///< in half steps of the converter
  std::optional<Decibels> said_;
};

}  // namespace fmrx::radio
