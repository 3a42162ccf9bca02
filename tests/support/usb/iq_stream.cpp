// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/usb/iq_stream.hpp"

#include "base/iq.hpp"
#include "sim/quantise.hpp"
#include "support/usb/pattern.hpp"

namespace fmrx::test {

void IqStream::fill(std::span<std::byte> bytes, SampleRate rate, Hertz centre) {
  if (simulates_) {
    simulate(bytes, rate, centre);
  } else {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(pattern_byte(place_++));
  }
}

void IqStream::count(std::span<std::byte> bytes) {
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(place_++);
}

void IqStream::simulate(std::span<std::byte> bytes, SampleRate rate, Hertz centre) {
  if (!band_ || rate != rate_ || centre != centre_) {
    band_.emplace(rate, centre);
    rate_ = rate;
    centre_ = centre;
  }
  iq_.resize(bytes.size() / bytes_per_sample(IqFormat::cu8));
  band_->generate(iq_);
  sim::quantise(iq_, IqFormat::cu8, bytes);
}

}  // namespace fmrx::test
