// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Signal to noise of the audio against carrier to noise in 200 kHz, beside the linear law: a tone of
// 1 kHz at full deviation in white noise, unweighted from 20 Hz to 15 kHz, de-emphasis of 50 us.
//
//   snr_curve [C/N...]
#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <span>
#include <vector>

#include "dsp/fm_receiver.hpp"
#include "support/fm_modulator.hpp"
#include "support/tone.hpp"

namespace {

using namespace fmrx;

constexpr unsigned kRate = 1'200'000;
constexpr double kLength_s = 4;
constexpr double kSettled_s = 1;
constexpr double kTone_Hz = 1000;
constexpr std::size_t kPoints = 4800;  ///< of a spectrum: bins of 10 Hz
constexpr double kBin_Hz = kAudioRate.hz() / static_cast<double>(kPoints);
constexpr std::size_t kMainLobe = 5;  ///< bins beside a line that the window makes of it

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

/// Power at bin * kBin_Hz, in units that all bins share.
double power(std::span<const double> windowed, std::size_t bin) {
  const std::complex<double> turn =
      std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(bin) / static_cast<double>(kPoints));
  std::complex<double> sum = 0;
  for (std::size_t n = windowed.size(); n-- > 0;) sum = sum * turn + windowed[n];
  return std::norm(sum);
}

/// The tone and its harmonics are no noise.
bool near_a_line(std::size_t bin) {
  const auto tone = static_cast<std::size_t>(kTone_Hz / kBin_Hz);
  const std::size_t from_line = bin % tone;
  return from_line <= kMainLobe || from_line >= tone - kMainLobe;
}

double snr_db(const std::vector<double>& left) {
  const std::vector<double> window = test::blackman_harris(kPoints);
  const auto tone_bin = static_cast<std::size_t>(kTone_Hz / kBin_Hz);
  const auto last_bin = static_cast<std::size_t>(15e3 / kBin_Hz);
  double signal = 0;
  double noise = 0;
  for (std::size_t at = 0; at + kPoints <= left.size(); at += kPoints / 2) {
    std::vector<double> windowed(kPoints);
    for (std::size_t n = 0; n < kPoints; ++n) windowed[n] = window[n] * left[at + n];
    for (std::size_t bin = tone_bin - kMainLobe; bin <= tone_bin + kMainLobe; ++bin)
      signal += power(windowed, bin);
    std::size_t counted = 0;
    double sum = 0;
    for (std::size_t bin = kMainLobe + 2; bin <= last_bin; ++bin) {
      if (near_a_line(bin)) continue;
      sum += power(windowed, bin);
      ++counted;
    }
    noise += sum * static_cast<double>(last_bin) / static_cast<double>(counted);
  }
  return 10 * std::log10(signal / noise);
}

double received_snr_db(double cn_db, bool stereo) {
  test::FmModulator station(kRate);
  station.tone(kTone_Hz, deviation_hz(stereo), stereo ? 0 : deviation_hz(stereo), 50e-6).noise(cn_db);
  if (stereo) station.pilot();
  dsp::ReceiverConfig config{SampleRate(kRate)};
  config.stereo = stereo ? dsp::StereoMode::stereo : dsp::StereoMode::mono;
  dsp::FmReceiver receiver(config);
  const auto samples = static_cast<std::size_t>(kLength_s * kRate);
  const std::vector<std::byte> iq = station.bytes(samples, IqFormat::cf32);
  const std::span<const float> audio = receiver.process({IqFormat::cf32, iq});
  return snr_db(test::channel(audio, 0, static_cast<std::size_t>(kSettled_s * kAudioRate.hz())));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<double> all_cn_db{6, 8, 9, 10, 11, 12, 13, 14, 16, 20, 25, 30, 40, 50};
  if (argc > 1) all_cn_db.clear();
  for (int i = 1; i < argc; ++i) all_cn_db.push_back(std::strtod(argv[i], nullptr));
  std::printf("C/N dB | mono dB | law | below it | stereo dB | law | below it\n");
  for (const double cn_db : all_cn_db) {
    const double mono_db = received_snr_db(cn_db, false);
    const double stereo_db = received_snr_db(cn_db, true);
    std::printf("%4.0f | %5.1f | %5.1f | %5.2f | %5.1f | %5.1f | %5.2f\n", cn_db, mono_db,
                linear_law_db(cn_db, false), linear_law_db(cn_db, false) - mono_db, stereo_db,
                linear_law_db(cn_db, true), linear_law_db(cn_db, true) - stereo_db);
    std::fflush(stdout);
  }
}
