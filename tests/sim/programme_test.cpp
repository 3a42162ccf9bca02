// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/programme.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "sim/kaiser_sinc.hpp"
#include "sim/one_tone.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::sim;

namespace {

std::vector<float> render(const Station& station, std::size_t frames) {
  std::vector<float> stereo(frames * kAudioChannels);
  Programme(station).render(stereo);
  return stereo;
}

/// Power of a channel and of what it has above 16 kHz.
struct Band {
  double all = 0;
  double above = 0;
};

Band powers(const std::vector<float>& stereo, std::size_t channel) {
  // A low pass of 7.5 kHz turned up to half the rate: it passes from 16 kHz on and
  // stops below 15 kHz by 110 dB. Every seventh sample is enough for a power.
  constexpr int kReach = 190;
  const KaiserSinc low_pass(8.5 / 48, kReach, 110);
  std::vector<double> taps;
  for (int i = -kReach; i <= kReach; ++i) taps.push_back(low_pass(i) * (i % 2 == 0 ? 1 : -1));
  Band band;
  for (std::size_t n = 0; n + taps.size() < stereo.size() / 2; n += 7) {
    double sum = 0;
    for (std::size_t i = 0; i < taps.size(); ++i)
      sum += taps[i] * static_cast<double>(stereo[2 * (n + i) + channel]);
    band.above += sum * sum;
    band.all += std::pow(static_cast<double>(stereo[2 * n + channel]), 2);
  }
  return band;
}

}  // namespace

TEST_CASE("a programme begins with a quarter of a second of silence and fades in over half a second") {
  const OneToneOfTest tone("1000:100", 1, -1);
  const auto audio = render(tone.station(Hertz(92.7e6), Decibels(0), true), 48'000);
  CHECK(std::all_of(audio.begin(), audio.begin() + 2 * 12'000, [](float x) { return x == 0; }));
  const auto peak = [&](std::size_t frame) {  // over two cycles of the tone
    float most = 0;
    for (std::size_t i = frame; i < frame + 96; ++i) most = std::max(most, std::abs(audio[2 * i]));
    return static_cast<double>(most);
  };
  using Catch::Matchers::WithinAbs;
  CHECK_THAT(peak(24'000), WithinAbs(0.5, 0.01));  // the middle of a raised cosine
  CHECK_THAT(peak(36'000), WithinAbs(1, 1e-5));
}

TEST_CASE("no programme has anything above 16 kHz") {
  for (const Station& station : fm_band()) {
    const auto audio = render(station, 4 * 48'000);
    for (const std::size_t channel : {0U, 1U}) {
      const Band band = powers(audio, channel);
      CAPTURE(station.piece->title, channel);
      REQUIRE(band.all > 0);
      CHECK(10 * std::log10(band.above / band.all) < -90);
    }
  }
}

TEST_CASE("left and right differ on a stereo station and agree on a mono one") {
  for (const Station& station : fm_band()) {
    const auto audio = render(station, 6 * 48'000);
    double sum = 0;
    double difference = 0;
    for (std::size_t i = 0; i < audio.size(); i += 2) {
      sum += std::pow(static_cast<double>(audio[i] + audio[i + 1]), 2);
      difference += std::pow(static_cast<double>(audio[i] - audio[i + 1]), 2);
    }
    CAPTURE(station.piece->title);
    if (station.stereo) {
      CHECK(difference > 0.01 * sum);
    } else {
      CHECK(difference == 0);
    }
  }
}

TEST_CASE("any chunking gives the same programme") {
  const Station& station = fm_band().front();
  const auto whole = render(station, 50'000);
  Programme programme(station);
  std::vector<float> pieces(whole.size());
  std::size_t chunk = 1;
  for (std::size_t i = 0; i < pieces.size(); chunk = chunk * 3 % 1009) {
    const std::size_t size = std::min(2 * chunk, pieces.size() - i);
    programme.render(std::span(pieces).subspan(i, size));
    i += size;
  }
  CHECK(pieces == whole);
}

TEST_CASE("the parts of a piece come round together") {
  for (const Station& station : fm_band()) {
    std::uint32_t longest = 0;
    for (const Part& part : station.piece->parts) longest = std::max(longest, length_in_steps(part));
    for (const Part& part : station.piece->parts) {
      CAPTURE(station.piece->title, length_in_steps(part));
      CHECK(longest % length_in_steps(part) == 0);
    }
  }
}

TEST_CASE("a piece returns after a whole number of samples, again and again") {
  const std::size_t round = std::size_t{150} * piece::test_card.step_samples;
  REQUIRE(length_in_steps(piece::test_card.parts[0]) == 150);
  Synthesiser synthesiser(piece::test_card);
  std::vector<float> first(2 * round);
  std::vector<float> later(2 * round);
  synthesiser.render(first);
  for (int i = 0; i < 5; ++i) synthesiser.render(later);
  CHECK(std::equal(first.begin() + 2 * 1000, first.end(), later.begin() + 2 * 1000));
}

TEST_CASE("notes have the pitches of equal temperament") {
  // 440 Hz is a4; a sine of it returns after 1200 samples, 11 cycles.
  for (const auto* const note : {"a4:100", "440:100"}) {
    const OneToneOfTest tone(note, 1, -1);
    const auto audio = render(tone.station(Hertz(0), Decibels(0), true), 48'000);
    double worst = 0;
    for (std::size_t n = 36'000; n < 46'000; ++n) {
      const double angle = 2 * std::numbers::pi * 440 * static_cast<double>(n - Programme::kSilence) / 48'000;
      worst = std::max(worst, std::abs(static_cast<double>(audio[2 * n]) - std::sin(angle)));
    }
    CAPTURE(note);
    CHECK(worst < 1e-6);
  }
}
