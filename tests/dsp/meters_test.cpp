// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <numbers>

#include "dsp/deviation_meter.hpp"
#include "dsp/envelope_meter.hpp"
#include "support/catch2.hpp"
#include "support/fm_modulator.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::Hertz;
using fmrx::dsp::best_kernels;
using fmrx::dsp::BlockStream;
using fmrx::dsp::DeviationMeter;
using fmrx::dsp::EnvelopeMeter;

TEST_CASE("the envelope tells the carrier from its noise") {
  const double carrier_to_noise_db = GENERATE(10.0, 20.0, 35.0);
  fmrx::test::FmModulator station(480e3, 0, 0.1);
  station.tone(1000, 60e3, 0).noise(carrier_to_noise_db);
  EnvelopeMeter meter;
  std::vector<float> re, im;
  for (std::size_t n = 0; n < 96'000; ++n) {
    const std::complex<double> z = station.sample(n);
    re.push_back(static_cast<float>(z.real()));
    im.push_back(static_cast<float>(z.imag()));
  }
  meter.process({re, im});
  // 6000 samples: the carrier's power is known within 0.15 dB even at 10 dB, the
  // noise's (2 / sqrt(6000), three sigma) within 0.35 dB.
  const fmrx::dsp::Envelope envelope = meter.take();
  CHECK_THAT(10 * std::log10(envelope.carrier), WithinAbs(-20, 0.15));
  // Noise in the whole 480 kHz.
  CHECK_THAT(-10 * std::log10(envelope.unsteadiness() * 200 / 480), WithinAbs(carrier_to_noise_db, 0.5));
}

TEST_CASE("the deviation meter shows the peak and not the carrier's offset") {
  DeviationMeter meter(best_kernels(), 480e3, 4800);
  std::vector<float> multiplex;
  for (int n = 0; n < 96'000; ++n)
    multiplex.push_back(
        0.1F + 0.8F * std::sin(2 * std::numbers::pi_v<float> * 997 / 480e3F * static_cast<float>(n)));
  BlockStream in(meter.history(), 4800);
  for (std::size_t n = 0; n < multiplex.size(); n += 4800)
    meter.process(in.next_block({multiplex.data() + n, 4800}));
  CHECK_THAT(meter.peak().value(), WithinAbs(60e3, 120));  // the low-pass ripples by 0.1 %
}

TEST_CASE("noise above the multiplex does not count as deviation") {
  DeviationMeter meter(best_kernels(), 480e3, 96'000);
  std::vector<float> multiplex;
  // A quarter of the rate, exact in floats: their roundings would be noise inside the multiplex.
  for (int n = 0; n < 24'000; ++n) multiplex.insert(multiplex.end(), {0.0F, 1.0F, 0.0F, -1.0F});
  BlockStream in(meter.history(), multiplex.size());
  meter.process(in.next_block(multiplex));
  CHECK(meter.peak().value() < 150);  // 75 kHz, 60 dB down, twice
}
