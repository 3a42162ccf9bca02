// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Against the front end of the bench dongle (tests/support/usb/README.md): what is chosen is
// compared with the best of all gains, by a C/N that knows the transmitted signal.
#include "radio/gain_control.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <numbers>
#include <vector>

#include "dsp/fm_receiver.hpp"
#include "sim/band_simulator.hpp"
#include "sim/quantise.hpp"
#include "support/catch2.hpp"
#include "support/usb/front_end_model.hpp"

using namespace fmrx;
using namespace fmrx::radio;
using Samples = std::vector<std::complex<float>>;

namespace {

constexpr SampleRate kRate{1'200'000};
constexpr Hertz kCentre{93.0e6};
constexpr Hertz kStation{92.7e6};
constexpr Hertz kNeighbour{93.1e6};
/// Programmes have faded in after 0.75 s.
constexpr std::size_t kSkipped = 900'000;
constexpr std::size_t kSamples = 180'000;

/// An R820T's.
std::vector<Decibels> gains() {
  std::vector<Decibels> all;
  for (const double gain :
       {0.0,  0.9,  1.4,  2.7,  3.7,  7.7,  8.7,  12.5, 14.4, 15.7, 16.6, 19.7, 20.7, 22.9, 25.4,
        28.0, 29.7, 32.8, 33.8, 36.4, 37.2, 38.6, 40.2, 42.1, 43.4, 43.9, 44.5, 48.0, 49.6})
    all.emplace_back(gain);
  return all;
}

Samples band(std::vector<sim::Station> stations) {
  constexpr std::uint64_t kSeed = 1;
  sim::BandSimulator simulator(kRate, kCentre, kSeed, stations);
  Samples samples(kSkipped + kSamples);
  simulator.generate(samples);
  samples.erase(samples.begin(), samples.begin() + kSkipped);
  return samples;
}

sim::Station station_at(Hertz frequency, Decibels level, std::size_t like) {
  sim::Station station = sim::fm_band()[like];
  station.frequency = frequency;
  station.level_dbfs = level;
  return station;
}

/// At the antenna: all of it, and the station alone, without noise.
struct Air {
  Air(Decibels level, Decibels neighbour) {
    const auto wanted = station_at(kStation, level, 4);
    all = band({wanted, station_at(kNeighbour, neighbour, 8)});
    station = band({wanted});
    // The noise is the same for the same seed.
    const Samples noise = band({});
    for (std::size_t i = 0; i < station.size(); ++i) station[i] -= noise[i];
  }

  Samples all;
  Samples station;
};

std::vector<std::byte> through_front_end(Samples iq, Decibels gain) {
  test::FrontEndModel front_end(kRate, 0);
  front_end.apply(iq, gain);
  std::vector<std::byte> bytes(iq.size() * 2);
  sim::quantise(iq, IqFormat::cu8, bytes);
  return bytes;
}

/// What a tenth of a second looks like, at the end of the samples.
GainObservation observe(const std::vector<std::byte>& bytes) {
  dsp::ReceiverConfig config(kRate);
  config.offset = kStation - kCentre;
  dsp::FmReceiver receiver(config);
  constexpr std::size_t kBlock = 37'500;
  for (std::size_t at = 0; at + kBlock <= bytes.size(); at += kBlock)
    [[maybe_unused]] const auto audio =
        receiver.process({IqFormat::cu8, std::span(bytes).subspan(at, kBlock)});
  GainObservation seen;
  seen.carrier_to_noise = receiver.reception().cn;
  std::size_t clipped = 0;
  for (const std::byte byte : bytes) {
    const int value = std::to_integer<int>(byte);
    clipped += static_cast<std::size_t>(value == 0 || value == 255);
    seen.peak = std::max(seen.peak, std::abs(2 * value - 255) / 255.0);
  }
  seen.clip_rate = static_cast<double>(clipped) / static_cast<double>(bytes.size());
  return seen;
}

/// Power within 100 kHz of the station.
double channel_power(const std::vector<std::complex<double>>& iq) {
  constexpr int kTaps = 193;
  constexpr double kCutoff_Hz = 100e3;
  std::vector<double> taps(kTaps);
  for (int k = 0; k < kTaps; ++k) {
    const double t = (k - (kTaps - 1) / 2.0) * 2 * kCutoff_Hz / kRate.hz();
    const double sinc = t == 0 ? 1 : std::sin(std::numbers::pi * t) / (std::numbers::pi * t);
    taps[static_cast<std::size_t>(k)] =
        sinc * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * (k + 0.5) / kTaps));
  }
  const double sum = std::accumulate(taps.begin(), taps.end(), 0.0);
  double power = 0;
  std::size_t count = 0;
  for (std::size_t at = 0; at + kTaps <= iq.size(); at += 12, ++count) {
    std::complex<double> out = 0;
    for (std::size_t k = 0; k < kTaps; ++k) out += taps[k] / sum * iq[at + k];
    power += std::norm(out);
  }
  return power / static_cast<double>(count);
}

/// Of the station in what the converter has sent: all that is not the station is noise.
double true_cn_db(const std::vector<std::byte>& bytes, const Samples& station) {
  const std::size_t count = station.size();
  std::vector<std::complex<double>> received(count);
  std::complex<double> product = 0;
  double power = 0;
  for (std::size_t i = 0; i < count; ++i) {
    received[i] = {std::to_integer<int>(bytes[2 * i]) - 127.5,
                   std::to_integer<int>(bytes[2 * i + 1]) - 127.5};
    const std::complex<double> sent(station[i]);
    product += received[i] * std::conj(sent);
    power += std::norm(sent);
  }
  const std::complex<double> gain = product / power;
  const double turn = -2 * std::numbers::pi * (kStation - kCentre).value() / kRate.hz();
  for (std::size_t i = 0; i < count; ++i)
    received[i] = (received[i] - gain * std::complex<double>(station[i])) *
                  std::polar(1.0, std::fmod(turn * static_cast<double>(i), 2 * std::numbers::pi));
  return 10 * std::log10(std::norm(gain) * power / static_cast<double>(count) / channel_power(received));
}

/// Runs the control until it has found its gain; gives how many observations that took. As in
/// life, the first observation after a change still shows the former gain.
int settle(GainControl& control, const std::function<GainObservation(Decibels)>& look) {
  GainObservation seen = look(control.gain());
  constexpr int kMost = 300;
  for (int i = 1; i < kMost; ++i) {
    const bool has_changed = control.observe(seen);
    if (!control.is_searching()) return i;
    if (!has_changed) seen = look(control.gain());
  }
  return kMost;
}

/// A band whose strength changes: clips above a peak, C/N follows the gain below.
GainObservation made_up(Decibels gain, double level_db) {
  const double peak_dbfs = level_db + gain.value();
  GainObservation seen;
  seen.peak = std::min(1.0, std::pow(10.0, peak_dbfs / 20));
  seen.clip_rate = peak_dbfs <= 0 ? 0 : std::min(0.5, 0.1 * peak_dbfs);
  seen.carrier_to_noise = Decibels(50 + peak_dbfs - 30 * std::max(0.0, peak_dbfs));
  return seen;
}

void check_against_exhaustive_search(double level, double neighbour) {
  const Air air{Decibels(level), Decibels(neighbour)};
  std::map<double, GainObservation> observations;
  std::map<double, double> true_cn;
  for (const Decibels gain : gains()) {
    const auto bytes = through_front_end(air.all, gain);
    observations[gain.value()] = observe(bytes);
    true_cn[gain.value()] = true_cn_db(bytes, air.station);
  }
  const auto best = std::ranges::max_element(true_cn, {}, [](const auto& entry) { return entry.second; });
  GainControl control(gains());
  const int took = settle(control, [&](Decibels gain) { return observations.at(gain.value()); });
  const double chosen = control.gain().value();
  INFO("station " << level << " dBFS, neighbour " << neighbour << ": chosen " << chosen << " dB with C/N "
                  << true_cn.at(chosen) << ", best " << best->first << " dB with " << best->second);
  CHECK(true_cn.at(chosen) >= best->second - 1);
  CHECK(took < 40);
}

}  // namespace

TEST_CASE("the gain that is found is within 1 dB of the best C/N, beside a strong neighbour") {
  for (const double level : {-10.0, -40.0, -60.0, -80.0}) check_against_exhaustive_search(level, -10);
}

TEST_CASE("the gain that is found is within 1 dB of the best C/N, at all levels", "[.exhaustive]") {
  for (const double neighbour : {-200.0, -30.0, -20.0, -10.0, 0.0, 5.0}) {
    for (double level = -80; level <= -10; level += 10) check_against_exhaustive_search(level, neighbour);
  }
}

TEST_CASE("a gain that was found is kept while nothing changes") {
  GainControl control(gains());
  settle(control, [](Decibels gain) { return made_up(gain, -30); });
  CHECK(control.gain() == Decibels(29.7));
  // A day, with a level that wavers by half a decibel and C/N by one.
  for (int i = 0; i < 24 * 3600 * 10; ++i) {
    GainObservation seen = made_up(control.gain(), -30.3 + 0.25 * std::sin(i * 0.01));
    seen.carrier_to_noise = seen.carrier_to_noise + Decibels(std::sin(i * 0.003));
    REQUIRE_FALSE(control.observe(seen));
  }
}

TEST_CASE("a band that grows stronger or weaker is followed") {
  GainControl control(gains());
  settle(control, [](Decibels gain) { return made_up(gain, -30); });
  double clipped_s = 0;
  int changes = 0;
  for (int i = 0; i < 2400; ++i) {
    // 10 dB up in two minutes, and down again.
    const double level = -30 + (i < 1200 ? i : 2400 - i) / 120.0;
    const GainObservation seen = made_up(control.gain(), level);
    clipped_s += seen.clip_rate > 1e-2 ? 0.1 : 0;
    changes += control.observe(seen) ? 1 : 0;
  }
  // A search for each 1.5 dB of the way, of up, back, down and back at the most; the one upwards clips
  // for four observations.
  constexpr double kSearches = 20 / 1.5;
  CHECK(changes <= 4 * kSearches);
  CHECK(clipped_s <= 0.4 * kSearches);
  CHECK(control.gain() >= Decibels(28.0));
}

TEST_CASE("a strong signal that appears is answered within half a second") {
  GainControl control(gains());
  settle(control, [](Decibels gain) { return made_up(gain, -45); });
  CHECK(control.gain() == Decibels(44.5));
  const int took = settle(control, [](Decibels gain) { return made_up(gain, -45); });
  CHECK(took <= 2);
  bool has_changed = false;
  for (int i = 0; i < 5 && !has_changed; ++i) has_changed = control.observe(made_up(control.gain(), -25));
  CHECK(has_changed);
  CHECK(control.gain() < Decibels(40));
  settle(control, [](Decibels gain) { return made_up(gain, -25); });
  CHECK(control.gain() == Decibels(22.9));
}

TEST_CASE("a station that fades starts no search more often than every ten seconds, then less often") {
  GainControl control(gains());
  settle(control, [](Decibels gain) { return made_up(gain, -30); });
  int searches = 0;
  bool was_searching = false;
  constexpr int kHour = 36'000;
  for (int i = 0; i < kHour; ++i) {
    GainObservation seen = made_up(control.gain(), -30);
    // 10 dB of fading with a period of 20 s: the gain can do nothing about it.
    seen.carrier_to_noise = seen.carrier_to_noise + Decibels(10 * std::sin(i * 0.0314));
    control.observe(seen);
    searches += control.is_searching() && !was_searching ? 1 : 0;
    was_searching = control.is_searching();
  }
  CHECK(searches < 25);
  CHECK(control.gain() >= Decibels(28.0));
}
