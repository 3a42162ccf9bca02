// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "radio/automatic_gain.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/log.hpp"

namespace fmrx::radio {

AutomaticGain::AutomaticGain(source::TunerGain& tuner, SampleRate rate)
    : tuner_(tuner),
      control_(tuner.gains()),
      window_(static_cast<std::uint64_t>(rate.hz() *
                                         std::chrono::duration<double>(GainControl::kObservation).count())) {
  tuner_.set_gain(control_.gain());
}

void AutomaticGain::process(IqView iq, dsp::StationReceiver& receiver) {
  measure(iq);
  if (samples_ < window_) return;
  const std::optional<Decibels> carrier_to_noise = receiver.take_carrier_to_noise();
  if (!carrier_to_noise) return;
  constexpr int kFullScale = 255;
  const GainObservation observation{static_cast<double>(clipped_) / static_cast<double>(2 * samples_),
                                    static_cast<double>(peak_) / kFullScale, *carrier_to_noise};
  samples_ = 0;
  clipped_ = 0;
  peak_ = 0;
  if (control_.observe(observation)) tuner_.set_gain(control_.gain());
  if (!control_.is_searching()) say_choice();
}

/// Tuners whose gain can be set send cu8.
void AutomaticGain::measure(IqView iq) {
  assert(iq.format == IqFormat::cu8);
  int lowest = 255;
  int highest = 0;
  std::uint64_t clipped = 0;
  for (const std::byte byte : iq.bytes) {
    const int value = std::to_integer<int>(byte);
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
    clipped += static_cast<std::uint64_t>(value == 0 || value == 255);
  }
  // Zero lies between 127 and 128.
  peak_ = std::max({peak_, 2 * highest - 255, 255 - 2 * lowest});
  clipped_ += clipped;
  samples_ += iq.samples();
}

void AutomaticGain::say_choice() {
  if (said_ == control_.gain()) return;
  said_ = control_.gain();
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "gain %.1f dB, chosen automatically", said_->value());
  log::info(text.data());
}

}  // namespace fmrx::radio
