// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/multiplex.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "sim/one_tone.hpp"
#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using namespace fmrx;
using namespace fmrx::sim;

namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;

std::vector<double> render(const Station& station, std::size_t milliseconds) {
  Multiplex multiplex(station);
  std::vector<double> signal;
  std::array<float, kMultiplexBlock> block;
  for (std::size_t i = 0; i < milliseconds; ++i) {
    multiplex.render(block);
    signal.insert(signal.end(), block.begin(), block.end());
  }
  return signal;
}

/// Amplitude and phase of a line in the 100 ms from 850 ms on, when the fade is
/// over. The frequency must be a multiple of 10 Hz.
std::complex<double> line(const std::vector<double>& signal, double frequency_hz) {
  constexpr std::size_t kFrom = 204'000;
  constexpr std::size_t kCount = 24'000;
  std::complex<double> sum = 0;
  for (std::size_t n = kFrom; n < kFrom + kCount; ++n) {
    const double cycles = std::remainder(frequency_hz * static_cast<double>(n) / kMultiplexRate.hz(), 1.0);
    sum += signal[n] * std::polar(2.0 / kCount, -kTwoPi * cycles);
  }
  return sum;
}

/// sin(2 pi f t) as line() sees it.
constexpr std::complex<double> kSine{0, -1};

/// The line of a tone of amplitude 1 that begins where the programme does.
std::complex<double> tone_line(double frequency_hz) {
  const double start_s = Programme::kSilence / kAudioRate.hz();
  return kSine * std::polar(1.0, -kTwoPi * frequency_hz * start_s);
}

std::complex<double> emphasis(double frequency_hz) {
  return {1, kTwoPi * frequency_hz * 50e-6};
}

}  // namespace

TEST_CASE("pre-emphasis is 1 + jw 50 us, in magnitude and phase, without delay") {
  for (const double tone_hz : {50.0, 400.0, 1'000.0, 5'000.0, 10'000.0, 14'000.0}) {
    const OneToneOfTest tone(std::to_string(static_cast<int>(tone_hz)) + ":100",
                             0.25F * std::numbers::sqrt2_v<float>);
    const auto signal = render(tone.station(Hertz(0), Decibels(0), false), 950);
    const auto expected = 0.25 * tone_line(tone_hz) * emphasis(tone_hz);
    CAPTURE(tone_hz);
    CHECK(std::abs(line(signal, tone_hz) / expected - 1.0) < 1e-5);  // 0.0001 dB
  }
}

TEST_CASE("the left channel alone is half sum and half difference on 38 kHz") {
  const double tone_hz = 3'000;
  const OneToneOfTest tone("3000:100", 0.5F, -1);
  const auto signal = render(tone.station(Hertz(0), Decibels(0), true), 950);
  const auto left = 0.5 * tone_line(tone_hz) * emphasis(tone_hz);
  CHECK(std::abs(line(signal, tone_hz) - left / 2.0) < 1e-5);
  // sin 2wt times a line is two lines of half its size around 38 kHz.
  CHECK(std::abs(line(signal, 38'000 + tone_hz) - left / 2.0 * kSine / 2.0) < 1e-5);
  CHECK(std::abs(line(signal, 38'000 - tone_hz) - std::conj(left / 2.0) * kSine / 2.0) < 1e-5);
  CHECK(std::abs(line(signal, 38'000)) < 1e-6);
  CHECK(std::abs(line(signal, 19'000) - 6.75 / 75 * kSine) < 1e-6);
}

TEST_CASE("the right channel alone has the difference signal reversed") {
  const OneToneOfTest tone("3000:100", 0.5F, 1);
  const auto signal = render(tone.station(Hertz(0), Decibels(0), true), 950);
  const auto right = 0.5 * tone_line(3'000) * emphasis(3'000);
  CHECK(std::abs(line(signal, 3'000) - right / 2.0) < 1e-5);
  CHECK(std::abs(line(signal, 41'000) + right / 2.0 * kSine / 2.0) < 1e-5);
}

TEST_CASE("a silent stereo station sends the pilot alone, a silent mono station nothing") {
  const OneToneOfTest silence("-");
  const auto stereo = render(silence.station(Hertz(0), Decibels(0), true), 10);
  const auto mono = render(silence.station(Hertz(0), Decibels(0), false), 10);
  double worst = 0;
  for (std::size_t n = 0; n < stereo.size(); ++n) {
    const double pilot = 6.75 / 75 * std::sin(kTwoPi * 19'000 * static_cast<double>(n) / kMultiplexRate.hz());
    worst = std::max({worst, std::abs(stereo[n] - pilot), std::abs(mono[n])});
  }
  CHECK(worst < 1e-7);
}

TEST_CASE("no station of the band deviates by more than 75 kHz") {
  for (const Station& station : fm_band()) {
    // Once through the piece, and a bit of its return, when old notes still sound.
    std::uint32_t steps = 0;
    for (const Part& part : station.piece->parts) steps = std::max(steps, length_in_steps(part));
    const std::size_t milliseconds = std::size_t{steps} * station.piece->step_samples / 48 + 3'000;
    Multiplex multiplex(station);
    std::array<float, kMultiplexBlock> block;
    float peak = 0;
    for (std::size_t i = 0; i < milliseconds; ++i) {
      multiplex.render(block);
      for (const float value : block) peak = std::max(peak, std::abs(value));
    }
    CAPTURE(station.piece->title, peak * 75);
    CHECK(peak <= 1.0F);
    CHECK(peak > 0.8F);  // and none is needlessly soft
  }
}
