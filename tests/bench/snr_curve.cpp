// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Signal to noise of the audio against carrier to noise in 200 kHz, beside the linear law: a tone of
// 1 kHz at full deviation in white noise, unweighted from 20 Hz to 15 kHz, de-emphasis of 50 us.
//
//   snr_curve [C/N...]
//
// Each figure is the mean of several runs with other noise, and the worst of them.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <span>
#include <vector>

#include "bench/tone_noise.hpp"
#include "dsp/fm_receiver.hpp"
#include "support/fm_modulator.hpp"

namespace {

using namespace fmrx;
using bench::kTone_Hz;

constexpr unsigned kRate = 1'200'000;
constexpr double kLength_s = 4;
constexpr double kSettled_s = 1;
constexpr unsigned kRuns = 8;

double deviation_hz(bool stereo) {
  return stereo ? 67'500 : 75'000;
}

/// Phase noise of (N0 / C) is frequency noise of (N0 / C) f^2; of the difference signal its two side
/// bands, 38 kHz away, and left is the sum of both.
double linear_law_db(double cn_db, bool stereo) {
  const double noise_per_hz = std::pow(10.0, -cn_db / 10) / 200e3;
  double noise = 0;
  for (double f_hz = 20.5; f_hz < 15e3; ++f_hz) {
    const double density = stereo ? 2 * 38e3 * 38e3 + 3 * f_hz * f_hz : f_hz * f_hz;
    noise += noise_per_hz * density * std::norm(dsp::deemphasis_response(dsp::Deemphasis::us50, f_hz));
  }
  return 10 * std::log10(deviation_hz(stereo) * deviation_hz(stereo) / 2 / noise);
}

double received_snr_db(double cn_db, bool stereo, std::uint64_t seed) {
  test::FmModulator station(kRate);
  station.tone(kTone_Hz, deviation_hz(stereo), stereo ? 0 : deviation_hz(stereo), 50e-6).noise(cn_db, seed);
  if (stereo) station.pilot();
  dsp::ReceiverConfig config{SampleRate(kRate)};
  config.stereo = stereo ? dsp::StereoMode::stereo : dsp::StereoMode::mono;
  dsp::FmReceiver receiver(config);
  const auto samples = static_cast<std::size_t>(kLength_s * kRate);
  const std::vector<std::byte> iq = station.bytes(samples, IqFormat::cf32);
  const std::span<const float> audio = receiver.process({IqFormat::cf32, iq});
  return bench::snr_db(test::channel(audio, 0, static_cast<std::size_t>(kSettled_s * kAudioRate.hz())));
}

/// Decibels below the linear law: the mean of the noise powers of all runs, and the worst run.
struct Below {
  double mean_db;
  double worst_db;
};

Below below_law(double cn_db, bool stereo) {
  double noise = 0;
  double least_db = std::numeric_limits<double>::max();
  for (unsigned run = 1; run <= kRuns; ++run) {
    const double snr_db = received_snr_db(cn_db, stereo, run);
    noise += std::pow(10.0, -snr_db / 10) / kRuns;
    least_db = std::min(least_db, snr_db);
  }
  const double law_db = linear_law_db(cn_db, stereo);
  return {law_db + 10 * std::log10(noise), law_db - least_db};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<double> all_cn_db{6, 8, 9, 10, 11, 12, 13, 14, 16, 20, 25, 30, 40, 50};
  if (argc > 1) all_cn_db.clear();
  for (int i = 1; i < argc; ++i) all_cn_db.push_back(std::strtod(argv[i], nullptr));
  std::printf("C/N dB | mono: law | below it | worst run | stereo: law | below it | worst run\n");
  for (const double cn_db : all_cn_db) {
    const Below mono = below_law(cn_db, false);
    const Below stereo = below_law(cn_db, true);
    std::printf("%4.1f | %5.1f | %5.2f | %5.2f | %5.1f | %5.2f | %5.2f\n", cn_db, linear_law_db(cn_db, false),
                mono.mean_db, mono.worst_db, linear_law_db(cn_db, true), stereo.mean_db, stereo.worst_db);
    std::fflush(stdout);
  }
}
