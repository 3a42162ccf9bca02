// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/fm_receiver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "base/error.hpp"
#include "support/catch2.hpp"
#include "support/fm_modulator.hpp"
#include "support/tone.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::Hertz;
using fmrx::IqFormat;
using fmrx::SampleRate;
using namespace fmrx::dsp;
using namespace fmrx::test;

namespace {

/// 100 % of a stereo station's audio, beside 9 % of pilot.
constexpr double kProgramme_Hz = 67'500;

std::vector<float> received(FmReceiver& receiver, IqFormat format, std::span<const std::byte> iq,
                            std::size_t block = 50'000) {
  std::vector<float> audio;
  const std::size_t step = block * fmrx::bytes_per_sample(format);
  while (!iq.empty()) {
    const std::size_t bytes = std::min(step, iq.size());
    const std::span<const float> out = receiver.process({format, iq.first(bytes)});
    audio.insert(audio.end(), out.begin(), out.end());
    iq = iq.subspan(bytes);
  }
  return audio;
}

std::vector<float> received(const ReceiverConfig& config, FmModulator& station, double seconds,
                            IqFormat format = IqFormat::cf32) {
  FmReceiver receiver(config);
  const auto samples = static_cast<std::size_t>(seconds * config.rate.hz());
  return received(receiver, format, station.bytes(samples, format));
}

/// Everything has locked and settled by then.
constexpr std::size_t kSettled = 48'000 * 3 / 10;

double level_db(std::span<const double> audio, double f_hz) {
  return decibels(fit_tone(audio, f_hz / 48e3).amplitude());
}

double separation_db(const std::vector<float>& audio, double f_hz) {
  return level_db(channel(audio, 0, kSettled), f_hz) - level_db(channel(audio, 1, kSettled), f_hz);
}

}  // namespace

TEST_CASE("a tone on the left alone stays on the left, and pure") {
  FmModulator station(1e6);
  station.tone(1000, kProgramme_Hz, 0, 50e-6).pilot();
  const std::vector<float> audio = received(ReceiverConfig(SampleRate(1'000'000)), station, 0.8);
  CHECK_THAT(level_db(channel(audio, 0, kSettled), 1000), WithinAbs(decibels(0.9), 0.001));
  // What the channel filter of +-150 kHz leaves at full deviation.
  CHECK(sinad_db(channel(audio, 0, kSettled), 1000 / 48e3) > 88);
  CHECK(separation_db(audio, 1000) > 85);
}

TEST_CASE("left and right are not swapped, and in phase") {
  FmModulator station(1e6);
  station.tone(700, kProgramme_Hz, 0).tone(1100, 0, kProgramme_Hz / 2).pilot();
  ReceiverConfig config(SampleRate(1'000'000));
  config.deemphasis = Deemphasis::none;
  const std::vector<float> audio = received(config, station, 0.6);
  CHECK_THAT(level_db(channel(audio, 0, kSettled), 700), WithinAbs(decibels(0.9), 0.01));
  CHECK_THAT(level_db(channel(audio, 1, kSettled), 1100), WithinAbs(decibels(0.45), 0.01));
  CHECK(level_db(channel(audio, 0, kSettled), 1100) < -75);
  CHECK(level_db(channel(audio, 1, kSettled), 700) < -75);
}

TEST_CASE("mono without a pilot is as pure as floats are") {
  FmModulator station(1e6);
  station.tone(1000, 75e3, 75e3);
  ReceiverConfig config(SampleRate(1'000'000));
  config.deemphasis = Deemphasis::none;
  const std::vector<float> audio = received(config, station, 1.2);
  // The direct voltage of the first milliseconds is forgotten over half a second.
  CHECK(sinad_db(channel(audio, 0, 2 * kSettled), 1000 / 48e3) > 120);
  CHECK(channel(audio, 0, 0) == channel(audio, 1, 0));
}

TEST_CASE("the response is flat to 15 kHz after pre-emphasis and de-emphasis") {
  const bool us75 = GENERATE(false, true);
  const double f_hz = GENERATE(30.0, 50.0, 1e3, 5e3, 10e3, 15e3);
  FmModulator station(1e6);
  // Weak enough not to over-deviate at 15 kHz: 17 dB of pre-emphasis.
  station.tone(f_hz, 7'000, 3'000, us75 ? 75e-6 : 50e-6).pilot();
  ReceiverConfig config(SampleRate(1'000'000));
  config.deemphasis = us75 ? Deemphasis::us75 : Deemphasis::us50;
  const std::vector<float> audio = received(config, station, 0.8);
  INFO("f " << f_hz);
  CHECK_THAT(level_db(channel(audio, 0, kSettled), f_hz), WithinAbs(decibels(7e3 / 75e3), 0.02));
  CHECK_THAT(level_db(channel(audio, 1, kSettled), f_hz), WithinAbs(decibels(3e3 / 75e3), 0.02));
}

TEST_CASE("every rate gives stereo, the stated delay and exactly its share of frames") {
  const auto rate = GENERATE(225'000u, 240'000u, 250'000u, 256'000u, 300'000u, 500'000u, 900'000u, 960'000u,
                             1'000'000u, 1'024'000u, 1'200'000u, 1'234'567u, 1'400'000u, 2'048'000u,
                             2'400'000u, 2'560'000u, 2'800'000u, 3'200'000u);
  INFO("rate " << rate);
  FmModulator station(rate);
  station.tone(1000, 30e3, 0).pilot();
  ReceiverConfig config{SampleRate(rate)};
  config.deemphasis = Deemphasis::none;
  FmReceiver receiver(config);
  const std::size_t samples = rate / 2 + 777;
  const std::vector<float> audio = received(receiver, IqFormat::cf32, station.bytes(samples, IqFormat::cf32));
  CHECK(audio.size() / 2 == samples * 48'000 / rate);
  CHECK(receiver.reception().stereo);
  CHECK_THAT(receiver.reception().pilot_deviation.value(), WithinAbs(6750, 20));
  // Below 384 kS/s the capture itself cuts the station's side bands.
  CHECK(separation_db(audio, 1000) > (rate < 384'000 ? 55 : 75));
  const Tone tone = fit_tone(channel(audio, 0, kSettled), 1000 / 48e3);
  CHECK_THAT(decibels(tone.amplitude()), WithinAbs(decibels(0.4), 0.01));
  // The multiplex is cos(wt) of the tone; frame kSettled is at 0.3 s of it.
  const double phase = 2 * std::numbers::pi * std::remainder(1000 * (0.3 - receiver.delay().count()), 1.0);
  CHECK_THAT(std::remainder(tone.phase() - phase, 2 * std::numbers::pi), WithinAbs(0, 1e-3));  // 0.16 us
  CHECK(receiver.delay().count() < 0.004);
  CHECK_THAT(std::remainder(receiver.delay().count() * 48e3, 1.0), WithinAbs(0, 1e-6));
}

TEST_CASE("a station off the centre sounds the same as one at it") {
  const double offset_hz = GENERATE(-300e3, 312'345.0, 1'100e3);
  FmModulator station(2.4e6, offset_hz);
  station.tone(1000, kProgramme_Hz, 0, 50e-6).pilot();
  ReceiverConfig config(SampleRate(2'400'000));
  config.offset = Hertz(offset_hz);
  const std::vector<float> audio = received(config, station, 0.6);
  INFO("offset " << offset_hz);
  CHECK(sinad_db(channel(audio, 0, kSettled), 1000 / 48e3) > 88);
  CHECK(separation_db(audio, 1000) > 85);
}

TEST_CASE("8-bit samples cost what their quantisation costs, and no more") {
  // White quantisation noise of LSB^2 / 6 in the capture's rate; behind the
  // discriminator its density is N0 / C f^2, de-emphasised here, and for left or
  // right N0 / C (2 * 38k^2 + 3 f^2) (integrals to 15 kHz, 50 us; -6 dBFS). The
  // window's 0.3 s leave the noise uncertain by 0.3 dB, and the quantisation of an
  // almost periodic signal is not quite white.
  const bool stereo = GENERATE(true, false);
  const double limit_db = stereo ? 70.2 : 91.8;
  FmModulator station(2.4e6, 1234.567, std::pow(10.0, -6.0 / 20));
  const double deviation_hz = stereo ? kProgramme_Hz : 75e3;
  station.tone(997, deviation_hz, deviation_hz, 50e-6);
  if (stereo) station.pilot();
  ReceiverConfig config(SampleRate(2'400'000));
  config.offset = Hertz(1234.567);
  const std::vector<float> audio = received(config, station, 0.7, IqFormat::cu8);
  CHECK(sinad_db(channel(audio, 0, kSettled), 997 / 48e3) > limit_db - 1.5);
}

TEST_CASE("any cutting of the input gives the same audio, bit for bit") {
  const auto [rate, format] = GENERATE(table<std::uint32_t, IqFormat>(
      {{2'400'000u, IqFormat::cu8}, {1'234'567u, IqFormat::cs16}, {256'000u, IqFormat::cf32}}));
  FmModulator station(rate, 12'345);
  station.tone(1000, 40e3, 20e3).pilot().noise(30);
  const std::vector<std::byte> iq = station.bytes(rate / 5, format);
  ReceiverConfig config{SampleRate(rate)};
  config.offset = Hertz(12'345);
  FmReceiver whole(config);
  const std::vector<float> expected = received(whole, format, iq, rate);
  std::mt19937 random(rate);
  for (const std::size_t largest : {3U, 300U, 30'000U}) {
    FmReceiver receiver(config);
    std::vector<float> audio;
    std::uniform_int_distribution<std::size_t> length(0, largest);
    for (std::span<const std::byte> left = iq; !left.empty();) {
      const std::size_t bytes = std::min(left.size(), length(random) * fmrx::bytes_per_sample(format));
      const std::span<const float> out = receiver.process({format, left.first(bytes)});
      audio.insert(audio.end(), out.begin(), out.end());
      left = left.subspan(bytes);
    }
    CHECK(audio == expected);
  }
}

TEST_CASE("a pilot that stops takes stereo away without a click") {
  constexpr double kStops_s = 0.5;
  FmModulator station(1e6);
  // The difference signal goes on: the worst case.
  station.tone(400, 50e3, 10e3).pilot(6750, kStops_s);
  ReceiverConfig config(SampleRate(1'000'000));
  config.deemphasis = Deemphasis::none;
  FmReceiver receiver(config);
  const std::vector<float> audio =
      received(receiver, IqFormat::cf32, station.bytes(1'000'000, IqFormat::cf32));
  CHECK_FALSE(receiver.reception().stereo);
  CHECK_FALSE(receiver.reception().pilot_locked);
  const std::vector<double> left = channel(audio, 0, 48'000 * 9 / 10);
  CHECK_THAT(level_db(left, 400), WithinAbs(decibels(0.4), 0.01));  // mono: half the sum
  // No step beyond what 400 Hz at full level and the fade's slope (30 ms) make, and the end of
  // the pilot itself: an ideal low-pass at 16.7 kHz, the middle of the audio filter's slope,
  // leaves up to ln((19 + 16.7) / (19 - 16.7)) / (2 pi) = 0.44 of a sinusoid that ends.
  const std::vector<double> all = channel(audio, 0, kSettled);
  const double steepest = 2 * std::numbers::pi * 400 / 48e3 * 50 / 75 + 1 / (0.03 * 48e3) + 0.09 * 0.44;
  for (std::size_t n = 1; n < all.size(); ++n) REQUIRE(std::fabs(all[n] - all[n - 1]) < steepest);
}

TEST_CASE("the audio begins without a click") {
  FmModulator station(2.4e6, 30e3);  // badly tuned: a direct voltage of 0.4
  station.tone(1000, 30e3, 30e3, 50e-6).pilot();
  const std::vector<float> audio = received(ReceiverConfig(SampleRate(2'400'000)), station, 0.1);
  const std::vector<double> left = channel(audio, 0, 0);
  for (std::size_t n = 1; n < left.size(); ++n)
    REQUIRE(std::fabs(left[n] - left[n - 1]) < 1.2 * 0.4 * 2 * std::numbers::pi * 1000 / 48e3);
}

TEST_CASE("a carrier offset is reported and not heard") {
  FmModulator station(1e6, 8'000);
  station.tone(1000, 30e3, 30e3, 50e-6).pilot();
  FmReceiver receiver(ReceiverConfig(SampleRate(1'000'000)));
  const std::vector<float> audio =
      received(receiver, IqFormat::cf32, station.bytes(1'000'000, IqFormat::cf32));
  CHECK_THAT(receiver.reception().carrier_offset.value(), WithinAbs(8'000, 20));
  const std::vector<double> left = channel(audio, 0, kSettled);
  double mean = 0;
  for (const double x : left) mean += x / static_cast<double>(left.size());
  CHECK_THAT(mean, WithinAbs(0, 1e-3));  // 0.107 without the blocker
}

TEST_CASE("a station out of tune is not taken for its own neighbour") {
  // With pre-emphasis it reaches 79 kHz; 22 kHz are 100 ppm of 108 MHz, and as much again.
  const double offset_hz = GENERATE(-22e3, -12'345.0, 12'345.0, 22e3);
  FmModulator station(1e6, offset_hz);
  station.tone(1000, 75e3, 75e3, 50e-6);
  FmReceiver receiver(ReceiverConfig(SampleRate(1'000'000)));
  const std::vector<float> audio =
      received(receiver, IqFormat::cf32, station.bytes(1'000'000, IqFormat::cf32));
  INFO("offset " << offset_hz);
  CHECK(receiver.reception().bandwidth > Hertz(400e3));
  CHECK(sinad_db(channel(audio, 0, 2 * kSettled), 1000 / 48e3) > 100);
}

TEST_CASE("a weak station is mono unless stereo is asked for") {
  FmModulator station(1e6);
  station.tone(1000, 20e3, 0).pilot().noise(11);
  const std::vector<std::byte> iq = station.bytes(500'000, IqFormat::cf32);
  ReceiverConfig config(SampleRate(1'000'000));
  FmReceiver automatic(config);
  static_cast<void>(received(automatic, IqFormat::cf32, iq));
  CHECK(automatic.reception().pilot_locked);
  CHECK_FALSE(automatic.reception().stereo);
  CHECK_THAT(automatic.reception().cn.value(), WithinAbs(11, 0.5));
  config.stereo = StereoMode::stereo;
  FmReceiver forced(config);
  static_cast<void>(received(forced, IqFormat::cf32, iq));
  CHECK(forced.reception().stereo);
}

TEST_CASE("the receiver reports what the station sends") {
  FmModulator station(1e6, 0, 0.1);
  station.tone(1000, 60e3, 60e3).pilot(7000);
  FmReceiver receiver(ReceiverConfig(SampleRate(1'000'000)));
  static_cast<void>(received(receiver, IqFormat::cf32, station.bytes(500'000, IqFormat::cf32)));
  const Reception reception = receiver.reception();
  CHECK_THAT(reception.carrier_dbfs.value(), WithinAbs(-20, 0.01));
  CHECK(reception.cn.value() > 50);
  CHECK_THAT(reception.pilot_deviation.value(), WithinAbs(7000, 10));
  CHECK_THAT(reception.multiplex_deviation_peak.value(), WithinAbs(67e3, 0.02 * 67e3));
  CHECK(reception.pilot_locked);
  CHECK(reception.clip_rate == 0);
}

TEST_CASE("a float file may hold anything, and the station comes back after it") {
  FmModulator station(256e3);
  station.tone(1000, 30e3, 0, 50e-6).pilot();
  std::vector<std::byte> iq = station.bytes(256'000, IqFormat::cf32);
  const float junk[] = {std::nanf(""), std::numeric_limits<float>::infinity(), 1e38F, -1e38F, 1e-45F, 0.0F};
  for (std::size_t n = 0; n < 6000; ++n) std::memcpy(iq.data() + 400'000 + 4 * n, &junk[n % 6], 4);
  FmReceiver receiver(ReceiverConfig(SampleRate(256'000)));
  const std::vector<float> audio = received(receiver, IqFormat::cf32, iq);
  CHECK(std::ranges::all_of(audio, [](float x) { return std::fabs(x) < 4; }));
  CHECK(receiver.reception().stereo);
  CHECK(sinad_db(channel(audio, 0, 40'000), 1000 / 48e3) > 50);
}

TEST_CASE("a dead capture gives silence") {
  FmReceiver receiver(ReceiverConfig(SampleRate(240'000)));
  const std::vector<std::byte> zeros(240'000 * 8);
  for (const float x : received(receiver, IqFormat::cf32, zeros)) REQUIRE(x == 0);
}

TEST_CASE("the volume is in decibels") {
  FmModulator station(256e3);
  station.tone(1000, 30e3, 30e3, 50e-6);
  ReceiverConfig config(SampleRate(256'000));
  config.volume = fmrx::Decibels(-20);
  const std::vector<float> audio = received(config, station, 0.6);
  CHECK_THAT(level_db(channel(audio, 0, kSettled), 1000), WithinAbs(decibels(0.04), 0.01));
}

TEST_CASE("a station whose channel is not inside the capture is refused") {
  ReceiverConfig config(SampleRate(1'000'000));
  config.offset = Hertz(400'000);
  CHECK_NOTHROW(FmReceiver(config));
  config.offset = Hertz(-400'001);
  CHECK_THROWS_AS(FmReceiver(config), fmrx::Error);
  config.offset = Hertz(std::nan(""));
  CHECK_THROWS_AS(FmReceiver(config), fmrx::Error);
  CHECK_THROWS_AS(FmReceiver(ReceiverConfig(SampleRate(48'000))), fmrx::Error);
}
