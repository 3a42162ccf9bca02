// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What clock errors, carrier offsets, levels and clipping do to the audio: a tone of 1 kHz, 67.5 kHz of
// deviation on the left channel, with pilot, de-emphasis of 50 us, no noise but that of the format.
// Signal to noise and distortion of the left channel is from 20 Hz to 15 kHz, unweighted.
//
//   impairment_curves
#include <cmath>
#include <cstdio>
#include <span>
#include <vector>

#include "bench/tone_noise.hpp"
#include "dsp/fm_receiver.hpp"
#include "support/fm_modulator.hpp"
#include "support/tone.hpp"

namespace {

using namespace fmrx;
using bench::kTone_Hz;

constexpr unsigned kRate = 2'048'000;
constexpr double kStation_Hz = 201'234.5;
constexpr double kBand_Hz = 98.1e6;
constexpr double kLength_s = 2;
constexpr std::size_t kSettled = 48'000;

struct Impairment {
  double clock_ppm = 0;  ///< of the receiver's crystal, which tunes and samples
  double offset_hz = 0;  ///< of the carrier
  double level_dbfs = -6;
};

struct Figures {
  double snr_db;
  double separation_db;
};

Figures received(const Impairment& impairment, IqFormat format) {
  const double clock = 1 + impairment.clock_ppm * 1e-6;
  const double carrier_hz = kStation_Hz + impairment.offset_hz - kBand_Hz * (clock - 1);
  test::FmModulator station(kRate * clock, carrier_hz, std::pow(10.0, impairment.level_dbfs / 20));
  station.tone(kTone_Hz, 67'500, 0, 50e-6).pilot();
  dsp::ReceiverConfig config{SampleRate(kRate)};
  config.offset = Hertz(std::round(kStation_Hz));
  dsp::FmReceiver receiver(config);
  const std::vector<std::byte> iq = station.bytes(static_cast<std::size_t>(kLength_s * kRate), format);
  const std::span<const float> audio = receiver.process({format, iq});
  const std::vector<double> left = test::channel(audio, 0, kSettled);
  const std::vector<double> right = test::channel(audio, 1, kSettled);
  const double f = kTone_Hz / clock / kAudioRate.hz();
  return {bench::snr_db(left),
          test::decibels(test::fit_tone(left, f).amplitude() / test::fit_tone(right, f).amplitude())};
}

void print(const char* what, double value, const Impairment& impairment, IqFormat format) {
  const Figures figures = received(impairment, format);
  std::printf("%-22s | %-4s | %7.0f | %6.1f | %6.1f\n", what, format == IqFormat::cu8 ? "cu8" : "cf32", value,
              figures.snr_db, figures.separation_db);
  std::fflush(stdout);
}

}  // namespace

int main() {
  std::printf("impairment             | IQ   | of      | SNR dB | separation dB\n");
  for (const IqFormat format : {IqFormat::cf32, IqFormat::cu8}) {
    for (const double ppm : {-100.0, -30.0, 0.0, 30.0, 100.0})
      print("clock error, ppm", ppm, {.clock_ppm = ppm}, format);
    for (const double offset_hz : {-10e3, -5e3, 5e3, 10e3})
      print("carrier offset, Hz", offset_hz, {.offset_hz = offset_hz}, format);
  }
  for (const double level_dbfs : {0.0, -20.0, -40.0, -60.0})
    print("level, dBFS", level_dbfs, {.level_dbfs = level_dbfs}, IqFormat::cf32);
  for (const double level_dbfs : {6.0, 3.0, 0.0, -10.0, -20.0, -30.0, -40.0})
    print("level, dBFS", level_dbfs, {.level_dbfs = level_dbfs}, IqFormat::cu8);
}
