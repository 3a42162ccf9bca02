// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/multiplex_output.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "dsp/discriminator.hpp"
#include "dsp/fm_receiver.hpp"
#include "support/catch2.hpp"
#include "support/fm_modulator.hpp"
#include "support/tone.hpp"

using namespace fmrx;
using namespace fmrx::dsp;
using Catch::Matchers::WithinAbs;

namespace {

struct Rates {
  unsigned source;
  unsigned output;
};

/// The lowest IF, the usual ones, and one whose fraction has more phases than the bank.
Rates any_rates() {
  return GENERATE(Rates{225'000, 171'000}, Rates{225'000, 192'000}, Rates{384'000, 384'000},
                  Rates{1'024'000, 171'000}, Rates{2'400'000, 171'000}, Rates{2'400'000, 192'000},
                  Rates{2'400'000, 384'000}, Rates{1'234'567, 192'000});
}

/// A tone as the discriminator gives it, droop included.
std::vector<float> discriminated(double f_hz, double if_hz, std::size_t samples) {
  const double gain = Discriminator::droop(f_hz, if_hz);
  std::vector<float> out;
  for (std::size_t n = 0; n < samples; ++n) {
    const double turns = std::remainder(f_hz * static_cast<double>(n) / if_hz, 1.0);
    out.push_back(static_cast<float>(gain * std::cos(2 * std::numbers::pi * turns)));
  }
  return out;
}

std::vector<double> settled(std::span<const float> out) {
  return {out.begin() + 500, out.end()};
}

}  // namespace

TEST_CASE("the multiplex output is flat to 60 kHz, and 1.0 is 100 kHz of deviation") {
  const Rates rates = any_rates();
  const double if_hz = RatePlan{SampleRate(rates.source)}.if_hz();
  const double f_hz = GENERATE(30.0, 19e3, 38e3, 53e3, 57e3, 60e3);
  INFO(rates.source << " to " << rates.output << ", " << f_hz << " Hz");
  MultiplexOutput output{SampleRate(rates.source), SampleRate(rates.output)};
  const std::vector<float> in = discriminated(f_hz, if_hz, 60'000);
  const std::vector<double> out = settled(output.process(in));
  const test::Tone tone = test::fit_tone(out, f_hz / rates.output);
  CHECK_THAT(test::decibels(tone.amplitude() / 0.75), WithinAbs(0, 0.05));
  // The delay is stated, and the same for all frequencies.
  const double late = -tone.phase() / (2 * std::numbers::pi) + f_hz * 500 / rates.output;
  CHECK_THAT(std::remainder(late - f_hz * output.delay_s(), 1.0), WithinAbs(0, 1e-3));
}

TEST_CASE("what would fold into the multiplex below 60 kHz is stopped by 80 dB") {
  const Rates rates = any_rates();
  const double if_hz = RatePlan{SampleRate(rates.source)}.if_hz();
  INFO(rates.source << " to " << rates.output);
  for (double folded_hz = 1e3; folded_hz <= 60e3; folded_hz += 4.9e3) {
    const double f_hz = rates.output - folded_hz;
    if (f_hz >= if_hz / 2) continue;
    MultiplexOutput output{SampleRate(rates.source), SampleRate(rates.output)};
    std::vector<float> in = discriminated(f_hz, if_hz, 20'000);
    for (float& sample : in) sample /= static_cast<float>(Discriminator::droop(f_hz, if_hz));
    CHECK(test::decibels(test::windowed_rms(settled(output.process(in))) / std::sqrt(0.5) / 0.75) < -80);
  }
}

TEST_CASE("nor does a tone leave images of itself in the multiplex") {
  const Rates rates = any_rates();
  const double if_hz = RatePlan{SampleRate(rates.source)}.if_hz();
  const double f_hz = GENERATE(15e3, 59e3);
  INFO(rates.source << " to " << rates.output << ", " << f_hz << " Hz");
  MultiplexOutput output{SampleRate(rates.source), SampleRate(rates.output)};
  const std::vector<double> out = settled(output.process(discriminated(f_hz, if_hz, 40'000)));
  const test::Tone tone = test::fit_tone(out, f_hz / rates.output);
  std::vector<double> rest;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const double turn =
        2 * std::numbers::pi * std::remainder(f_hz * static_cast<double>(n) / rates.output, 1.0);
    rest.push_back(out[n] - tone.amplitude() * std::cos(turn + tone.phase()));
  }
  CHECK(test::decibels(test::windowed_rms(rest) / std::sqrt(0.5) / 0.75) < -80);
}

TEST_CASE("the multiplex output comes out the same in pieces of any size, exactly at its rate") {
  const Rates rates = any_rates();
  const double if_hz = RatePlan{SampleRate(rates.source)}.if_hz();
  const std::vector<float> in = discriminated(12'345, if_hz, 30'001);
  MultiplexOutput whole{SampleRate(rates.source), SampleRate(rates.output)};
  const std::span<const float> at_once = whole.process(in);
  const std::vector<float> expected(at_once.begin(), at_once.end());
  CHECK(expected.size() == static_cast<std::size_t>(std::ceil(30'001.0 * rates.output / if_hz)));

  MultiplexOutput pieces{SampleRate(rates.source), SampleRate(rates.output)};
  std::vector<float> got;
  std::size_t size = 1;
  for (std::span<const float> rest = in; !rest.empty(); size = size * 7 % 9973) {
    const std::size_t now = std::min(size, rest.size());
    const std::span<const float> out = pieces.process(rest.first(now));
    got.insert(got.end(), out.begin(), out.end());
    rest = rest.subspan(now);
  }
  CHECK(got == expected);
}

TEST_CASE("a received pilot of 6.75 kHz is 0.0675 of the multiplex's full scale") {
  const unsigned rate = GENERATE(240'000u, 1'024'000u, 2'400'000u);
  const unsigned mpx_rate = GENERATE(171'000u, 192'000u);
  INFO(rate << " to " << mpx_rate);
  test::FmModulator station(rate);
  station.tone(1000, 40e3, 20e3).pilot().line(57e3, 2000, 0.3);
  const std::vector<std::byte> iq = station.bytes(rate / 4, IqFormat::cf32);
  ReceiverConfig config{SampleRate(rate)};
  config.max_block = rate / 4;
  FmReceiver receiver(config);
  MultiplexOutput output{SampleRate(rate), SampleRate(mpx_rate)};
  static_cast<void>(receiver.process({IqFormat::cf32, iq}));
  const std::span<const float> out = output.process(receiver.multiplex());
  const std::vector<double> late(out.begin() + 4000, out.end());
  // 0.05 dB; a sampling rate of 240 kHz cuts off some of the FM side bands.
  CHECK_THAT(test::decibels(test::fit_tone(late, 19e3 / mpx_rate).amplitude() / 0.0675), WithinAbs(0, 0.05));
  CHECK_THAT(test::decibels(test::fit_tone(late, 57e3 / mpx_rate).amplitude() / 0.02), WithinAbs(0, 0.1));
}

TEST_CASE("a multiplex faster than what the source holds is refused") {
  CHECK_THROWS_AS(MultiplexOutput(SampleRate(240'000), SampleRate(384'000)), Error);
  CHECK_NOTHROW(MultiplexOutput(SampleRate(240'000), SampleRate(192'000)));
  CHECK_NOTHROW(MultiplexOutput(SampleRate(384'000), SampleRate(384'000)));
}
