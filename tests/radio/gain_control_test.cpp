// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Against the front end of the bench dongle (tests/support/usb/README.md): what is chosen is
// compared with the best of all gains, by a C/N that knows the transmitted signal.
#include "radio/gain_control.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <vector>

#include "dsp/fm_receiver.hpp"
#include "support/catch2.hpp"
#include "support/usb/gain_truth.hpp"

using namespace fmrx;
using namespace fmrx::radio;

namespace {

constexpr SampleRate kRate{1'200'000};

/// What a tenth of a second looks like, at the end of the samples.
GainObservation observe(const std::vector<std::byte>& bytes) {
  dsp::ReceiverConfig config(kRate);
  config.offset = test::kStation - test::GainTruth::kCentre;
  dsp::FmReceiver receiver(config);
  constexpr std::size_t kBlock = 37'500;
  for (std::size_t at = 0; at + kBlock <= bytes.size(); at += kBlock)
    [[maybe_unused]] const auto audio =
        receiver.process({IqFormat::cu8, std::span(bytes).subspan(at, kBlock)});
  GainObservation seen;
  seen.carrier_to_noise = receiver.take_carrier_to_noise().value();
  std::size_t clipped = 0;
  for (const std::byte byte : bytes) {
    const int value = std::to_integer<int>(byte);
    clipped += static_cast<std::size_t>(value == 0 || value == 255);
    seen.peak = std::max(seen.peak, std::abs(2 * value - 255) / 255.0);
  }
  seen.clip_rate = static_cast<double>(clipped) / static_cast<double>(bytes.size());
  return seen;
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
  const test::GainTruth truth(kRate, {Decibels(level), Decibels(neighbour)});
  std::map<double, GainObservation> observations;
  std::map<double, double> true_cn;
  for (const Decibels gain : test::tuner_gains()) {
    const auto bytes = truth.through_front_end(gain);
    observations[gain.value()] = observe(bytes);
    true_cn[gain.value()] = truth.cn_db(bytes);
  }
  const auto best = std::ranges::max_element(true_cn, {}, [](const auto& entry) { return entry.second; });
  GainControl control(test::tuner_gains());
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
  GainControl control(test::tuner_gains());
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
  GainControl control(test::tuner_gains());
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
  GainControl control(test::tuner_gains());
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
  GainControl control(test::tuner_gains());
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
