// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/usb/gain_truth.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "sim/band_simulator.hpp"
#include "sim/quantise.hpp"
#include "support/usb/front_end_model.hpp"

namespace fmrx::test {

namespace {

using Samples = std::vector<std::complex<float>>;

/// Programmes have faded in after 0.75 s.
constexpr double kSkipped_s = 0.75;
constexpr double kLength_s = 0.15;

Samples band(SampleRate rate, const std::vector<sim::Station>& stations) {
  constexpr std::uint64_t kSeed = 1;
  sim::BandSimulator simulator(rate, GainTruth::kCentre, kSeed, stations);
  Samples samples(static_cast<std::size_t>(rate.hz() * kSkipped_s));
  simulator.generate(samples);
  samples.resize(static_cast<std::size_t>(rate.hz() * kLength_s));
  simulator.generate(samples);
  return samples;
}

}  // namespace

std::vector<Decibels> tuner_gains() {
  std::vector<Decibels> all;
  for (const double gain :
       {0.0,  0.9,  1.4,  2.7,  3.7,  7.7,  8.7,  12.5, 14.4, 15.7, 16.6, 19.7, 20.7, 22.9, 25.4,
        28.0, 29.7, 32.8, 33.8, 36.4, 37.2, 38.6, 40.2, 42.1, 43.4, 43.9, 44.5, 48.0, 49.6})
    all.emplace_back(gain);
  return all;
}

GainTruth::GainTruth(SampleRate rate, const TwoLevels& levels) : rate_(rate) {
  const std::vector<sim::Station> both = two_stations(levels);
  all_ = band(rate, both);
  station_ = band(rate, {both.front()});
  // The noise is the same for the same seed.
  const Samples noise = band(rate, {});
  for (std::size_t i = 0; i < station_.size(); ++i) station_[i] -= noise[i];
}

std::vector<std::byte> GainTruth::through_front_end(Decibels gain) const {
  Samples iq = all_;
  FrontEndModel front_end(rate_, 0);
  front_end.apply(iq, gain);
  std::vector<std::byte> bytes(iq.size() * 2);
  sim::quantise(iq, IqFormat::cu8, bytes);
  return bytes;
}

double GainTruth::cn_db(std::span<const std::byte> sent) const {
  const std::size_t count = station_.size();
  std::vector<std::complex<double>> received(count);
  std::complex<double> product = 0;
  double power = 0;
  for (std::size_t i = 0; i < count; ++i) {
    received[i] = {std::to_integer<int>(sent[2 * i]) - 127.5, std::to_integer<int>(sent[2 * i + 1]) - 127.5};
    const std::complex<double> transmitted(station_[i]);
    product += received[i] * std::conj(transmitted);
    power += std::norm(transmitted);
  }
  const std::complex<double> gain = product / power;
  const double turn = -2 * std::numbers::pi * (kStation - kCentre).value() / rate_.hz();
  for (std::size_t i = 0; i < count; ++i)
    received[i] = (received[i] - gain * std::complex<double>(station_[i])) *
                  std::polar(1.0, std::fmod(turn * static_cast<double>(i), 2 * std::numbers::pi));
  return 10 * std::log10(std::norm(gain) * power / static_cast<double>(count) / channel_power(received));
}

/// Within 100 kHz of 0.
double GainTruth::channel_power(std::span<const std::complex<double>> iq) const {
  constexpr double kCutoff_Hz = 100e3;
  constexpr double kFilter_s = 160e-6;
  const auto count = static_cast<std::size_t>(rate_.hz() * kFilter_s);
  std::vector<double> taps(count);
  for (std::size_t k = 0; k < count; ++k) {
    const double place = static_cast<double>(k) - (static_cast<double>(count) - 1) / 2;
    const double t = place * 2 * kCutoff_Hz / rate_.hz();
    const double sinc = t == 0 ? 1 : std::sin(std::numbers::pi * t) / (std::numbers::pi * t);
    const double along = 2 * std::numbers::pi * (static_cast<double>(k) + 0.5) / static_cast<double>(count);
    taps[k] = sinc * (0.5 - 0.5 * std::cos(along));
  }
  const double sum = std::accumulate(taps.begin(), taps.end(), 0.0);
  const auto step = static_cast<std::size_t>(rate_.hz() / 100e3);
  double power = 0;
  std::size_t outputs = 0;
  for (std::size_t at = 0; at + count <= iq.size(); at += step, ++outputs) {
    std::complex<double> out = 0;
    for (std::size_t k = 0; k < count; ++k) out += taps[k] / sum * iq[at + k];
    power += std::norm(out);
  }
  return power / static_cast<double>(outputs);
}

std::map<double, double> exhaustive_search(SampleRate rate, const TwoLevels& levels) {
  const GainTruth truth(rate, levels);
  std::map<double, double> cn;
  for (const Decibels gain : tuner_gains()) cn[gain.value()] = truth.cn_db(truth.through_front_end(gain));
  return cn;
}

}  // namespace fmrx::test
