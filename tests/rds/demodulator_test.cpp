// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/demodulator.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include "dsp/multiplex_splitter.hpp"
#include "rds/block_code.hpp"
#include "rds/rds_transmitter.hpp"
#include "rds/subcarrier_band.hpp"
#include "sim/noise.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::rds;
using std::numbers::pi;

namespace {

constexpr std::size_t kBlock = 2'048;

/// The subcarrier's band of a multiplex, as a file's is read.
class FromMultiplex {
 public:
  explicit FromMultiplex(double multiplex_hz) : band_(multiplex_hz, kBlock) {}

  [[nodiscard]] dsp::ComplexView process(std::span<const float> multiplex) {
    return band_.process(multiplex);
  }
  [[nodiscard]] double rate_hz() const { return band_.rate_hz(); }

 private:
  SubcarrierBand band_;
};

/// The same by way of what FmReceiver has of it around 38 kHz.
class FromDifference {
 public:
  explicit FromDifference(double capture_hz)
      : plan_(SampleRate(static_cast<std::uint32_t>(capture_hz))),
        splitter_(plan_, dsp::best_kernels(), kBlock, kHistory),
        band_({plan_.baseband_hz(), kHistory, splitter_.delay_if_samples() / plan_.if_hz(),
               [this](double f_hz) { return splitter_.droop(f_hz - dsp::kSubcarrier_Hz); }},
              kBlock) {}

  [[nodiscard]] dsp::ComplexView process(std::span<const float> multiplex) {
    splitter_.begin_block(multiplex.size());
    return band_.process(splitter_.process(in_.next_block(multiplex)).difference);
  }
  [[nodiscard]] double rate_hz() const { return band_.rate_hz(); }
  [[nodiscard]] double multiplex_hz() const { return plan_.if_hz(); }

 private:
  static constexpr std::size_t kHistory = 100;

  dsp::RatePlan plan_;
  dsp::MultiplexSplitter splitter_;
  dsp::BlockStream in_{splitter_.history(), kBlock};
  SubcarrierBand band_;
};

std::vector<float> tone(double rate_hz, double tone_hz) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < kBlock; ++i)
    samples.push_back(
        static_cast<float>(std::cos(2 * pi * std::fmod(tone_hz / rate_hz * static_cast<double>(i), 1.0))));
  return samples;
}

/// Amplitude at the band's output of a tone on the multiplex, once the filters are full of it.
template <class Band>
double through(Band& band, double multiplex_hz, double tone_hz) {
  const dsp::ComplexView out = band.process(tone(multiplex_hz, tone_hz));
  double peak = 0;
  for (std::size_t i = out.size() / 2; i < out.size(); ++i)
    peak = std::max(peak, std::hypot(static_cast<double>(out.re[i]), static_cast<double>(out.im[i])));
  return peak;
}

/// Gain of a new band for a tone so far from 57 kHz.
template <class Band>
double gain(Band band, double multiplex_hz, double distance_hz) {
  const dsp::ComplexView out = band.process(tone(multiplex_hz, 57e3 + distance_hz));
  // The mean takes out the tone's mirror image, which slow multiplexes leave some kilohertz away.
  const std::size_t first = out.size() / 3;
  std::complex<double> mean = 0;
  double weights = 0;
  for (std::size_t i = first; i < out.size(); ++i) {
    const double place = static_cast<double>(i - first) / static_cast<double>(out.size() - first);
    const double weight = std::pow(std::sin(pi * place), 4);
    mean += weight * std::complex<double>(out.re[i], out.im[i]) *
            std::polar(1.0, -2 * pi * distance_hz / band.rate_hz() * static_cast<double>(i));
    weights += weight;
  }
  return std::abs(mean) / weights;
}

/// A tone so far from 57 kHz through the matched filter, at many moments: the largest value.
double through_matched_filter(double rate_hz, double distance_hz) {
  const MatchedFilter filter(rate_hz);
  std::vector<float> re;
  std::vector<float> im;
  for (std::size_t i = 0; i < 1'024; ++i) {
    const double turn = 2 * pi * std::fmod(distance_hz / rate_hz * static_cast<double>(i), 1.0);
    re.push_back(static_cast<float>(std::cos(turn)));
    im.push_back(static_cast<float>(std::sin(turn)));
  }
  BandHistory band(1'024);
  band.push({re, im});
  double largest = 0;
  for (double position = 400; position < 500; position += 0.37)
    largest = std::max(largest, static_cast<double>(std::abs(filter.at(band, position))));
  return largest;
}

std::vector<SoftSymbol> symbols_of_signal(const test::RdsSignal& signal, double cn0_db_hz, double seconds) {
  test::RdsTransmitter transmitter(signal);
  sim::GaussianNoise noise(3, static_cast<float>(test::multiplex_noise_rms(cn0_db_hz, signal.rate_hz)));
  SubcarrierBand band(signal.rate_hz, kBlock);
  Demodulator demodulator(band.rate_hz(), band.delay_s(), band.max_output());
  std::vector<SoftSymbol> all;
  std::vector<float> multiplex(kBlock);
  std::vector<float> unused(kBlock);
  for (double t = 0; t < seconds; t += kBlock / signal.rate_hz) {
    for (float& sample : multiplex) sample = transmitter.next();
    noise.add_to(multiplex, unused);
    const std::span<const SoftSymbol> some = demodulator.process(band.process(multiplex));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

test::RdsSignal random_station() {
  test::RdsSignal signal;
  signal.groups = [](std::size_t index) { return test::random_group(0xD318, index); };
  return signal;
}

/// Whether bit `index` of the transmission is a one.
bool sent_bit(std::size_t index) {
  const test::SentGroup words = test::random_group(0xD318, index / 104);
  const bool version_b = (words[1] >> 11 & 1U) != 0;
  const std::array offsets{Offset::a, Offset::b, version_b ? Offset::c_prime : Offset::c, Offset::d};
  const std::size_t block = index % 104 / 26;
  const SymbolWord word = rds::symbols_of(words[block], offsets[block]);
  return ((word ^ word >> 1) >> (index % 26) & 1U) != 0;
}

}  // namespace

TEST_CASE("the subcarrier's band is flat, and nothing folds into it") {
  for (const double rate_hz : {128e3, 171e3, 192e3, 240e3, 256e3, 384e3, 480e3, 512e3}) {
    CAPTURE(rate_hz);
    FromMultiplex band(rate_hz);
    const double output_hz = band.rate_hz();
    CHECK(output_hz >= 19e3);
    for (const double distance_hz : {-2'400.0, -1'187.5, 0.0, 1'187.5, 2'400.0})
      CHECK(std::fabs(20 * std::log10(gain(FromMultiplex(rate_hz), rate_hz, distance_hz))) < 0.01);
    // Whatever would come to lie within 2.4 kHz.
    for (double alias_hz = 57e3 + output_hz; alias_hz < rate_hz / 2; alias_hz += output_hz)
      for (const double distance_hz : {-2'400.0, 0.0, 2'400.0})
        CHECK(20 * std::log10(through(band, rate_hz, alias_hz + distance_hz)) < -69);
    for (double alias_hz = 57e3 - output_hz; alias_hz > 3e3; alias_hz -= output_hz)
      for (const double distance_hz : {-2'400.0, 0.0, 2'400.0})
        CHECK(20 * std::log10(through(band, rate_hz, alias_hz + distance_hz)) < -69);
  }
}

TEST_CASE("the subcarrier's band of a station being received is the same") {
  for (const double capture_hz : {225e3, 240e3, 300e3, 384e3, 1.024e6, 2.048e6, 2.4e6, 3.2e6}) {
    CAPTURE(capture_hz);
    FromDifference band(capture_hz);
    const double multiplex_hz = band.multiplex_hz();
    CHECK(band.rate_hz() >= 19e3);
    for (const double distance_hz : {-2'400.0, -1'187.5, 0.0, 1'187.5, 2'400.0})
      CHECK(std::fabs(20 * std::log10(gain(FromDifference(capture_hz), multiplex_hz, distance_hz))) < 0.01);
    // Two decimations, one after the other: nowhere in the multiplex may there be a tone that comes to lie
    // within 2.4 kHz.
    for (double tone_hz = 500; tone_hz < multiplex_hz / 2; tone_hz += 700) {
      if (std::fabs(tone_hz - 57e3) < band.rate_hz() - 2'400) continue;
      CAPTURE(tone_hz);
      CHECK(20 * std::log10(through(band, multiplex_hz, tone_hz)) < -69);
    }
  }
}

TEST_CASE("the matched filter has the standard's shape") {
  // cos(pi f td / 4), times that of two impulses half a bit apart, 2 sin(pi f td / 2); at its
  // largest for 1187.5 Hz. The window in time blurs it a little.
  const double rate_hz = 20e3;
  const double reference = through_matched_filter(rate_hz, 1'187.5);
  for (const double distance_hz : {300.0, 600.0, 900.0, 1'500.0, 1'800.0}) {
    const double ft = distance_hz / kBitRate_Hz;
    const double wanted = std::cos(pi * ft / 4) * std::sin(pi * ft / 2) / std::cos(pi / 4);
    CAPTURE(distance_hz);
    CHECK(std::fabs(through_matched_filter(rate_hz, distance_hz) / reference - wanted) < 0.02);
    CHECK(std::fabs(through_matched_filter(rate_hz, -distance_hz) / reference - wanted) < 0.02);
  }
  CHECK(20 * std::log10(through_matched_filter(rate_hz, 0) / reference) < -90);      // an ARI carrier
  CHECK(20 * std::log10(through_matched_filter(rate_hz, 4'000) / reference) < -55);  // the programme's edge
  CHECK(20 * std::log10(through_matched_filter(rate_hz, -4'000) / reference) < -55);
}

TEST_CASE("without noise every symbol is right, and stands where it was sent") {
  test::RdsSignal signal = random_station();
  signal.start_s = 0.0123;
  const std::vector<SoftSymbol> symbols = symbols_of_signal(signal, 110, 2);
  REQUIRE(symbols.size() > 2 * 1'187 - 70);
  std::size_t wrong = 0;
  double farthest_s = 0;
  for (std::size_t i = 1; i < symbols.size(); ++i) {
    const double bits = (symbols[i].end_s + signal.start_s) * kBitRate_Hz;
    const auto index = static_cast<std::size_t>(std::llround(bits)) - 1;
    farthest_s = std::max(farthest_s, std::fabs(bits - std::round(bits)) / kBitRate_Hz);
    const bool changed = (symbols[i].llr < 0) != (symbols[i - 1].llr < 0);
    if (changed != sent_bit(index)) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(farthest_s < 0.03 / kBitRate_Hz);
}

TEST_CASE("a symbol is as often wrong as its likelihood says") {
  // 68 dB-Hz is 2 dB of Es/N0: Q(sqrt(2 Es/N0)) = 3.75 % of the symbols are wrong.
  const std::vector<SoftSymbol> symbols = symbols_of_signal(random_station(), 68, 30);
  double expected = 0;
  std::size_t wrong = 0;
  std::size_t counted = 0;
  double expected_of_changes = 0;
  for (std::size_t i = 1'001; i < symbols.size(); ++i) {
    const auto error = [](const SoftSymbol& symbol) {
      return 1 / (1 + std::exp(std::fabs(static_cast<double>(symbol.llr))));
    };
    const double p = error(symbols[i]);
    const double q = error(symbols[i - 1]);
    const auto index = static_cast<std::size_t>(std::llround(symbols[i].end_s * kBitRate_Hz)) - 1;
    const bool changed = (symbols[i].llr < 0) != (symbols[i - 1].llr < 0);
    if (changed != sent_bit(index)) ++wrong;
    expected += p;
    expected_of_changes += p * (1 - q) + q * (1 - p);
    ++counted;
  }
  const double rate = static_cast<double>(wrong) / static_cast<double>(counted);
  const double theory = 2 * 0.0375 * (1 - 0.0375);
  CHECK(std::fabs(expected / static_cast<double>(counted) - 0.0375) < 0.004);
  CHECK(std::fabs(expected_of_changes / static_cast<double>(counted) - rate) <
        0.006);                             // three sigma are 0.005
  CHECK(std::fabs(rate - theory) < 0.007);  // 0.1 dB more noise are 0.003
}
