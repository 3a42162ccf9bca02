// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/multiplex.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/kaiser_sinc.hpp"

namespace fmrx::sim {

namespace {

constexpr double kPreemphasis_s = 50e-6;
constexpr auto kPilotAmplitude = static_cast<float>(kPilotDeviation_Hz / kFullScaleDeviation_Hz);
constexpr auto kRdsAmplitude = static_cast<float>(kRdsDeviation_Hz / kFullScaleDeviation_Hz);

}  // namespace

Multiplex::Multiplex(const Station& station)
    : programme_(station), stereo_(station.stereo), kernel_(preemphasis_kernel()) {
  if (station.rds) rds_.emplace(*station.rds, station.stereo);
  for (std::size_t i = 0; i < kMultiplexBlock; ++i) {
    const double angle = 2 * std::numbers::pi * kPilot.value() * static_cast<double>(i) / kMultiplexRate.hz();
    pilot_[i] = kPilotAmplitude * static_cast<float>(std::sin(angle));
    subcarrier_38k_[i] = static_cast<float>(std::sin(2 * angle));
    subcarrier_57k_[i] = kRdsAmplitude * static_cast<float>(std::sin(3 * angle));
  }
  // The kernel looks ahead: the programme's beginning is read before time 0.
  std::array<float, kReach * kAudioChannels> ahead{};
  programme_.render(ahead);
  for (std::size_t i = 0; i < kReach; ++i) {
    sum_[kHistory + kAudioBlock - kReach + i] = (ahead[2 * i] + ahead[2 * i + 1]) / 2;
    difference_[kHistory + kAudioBlock - kReach + i] = (ahead[2 * i] - ahead[2 * i + 1]) / 2;
  }
}

/// Interpolation and pre-emphasis in one: the low pass (15 kHz pass, images from
/// 33 kHz, 120 dB) plus 50 us times its derivative is exactly 1 + jw tau in the
/// pass band.
Multiplex::Kernel Multiplex::preemphasis_kernel() {
  const KaiserSinc low_pass(0.5, static_cast<double>(kReach), 120);
  const double tau = kPreemphasis_s * kAudioRate.hz();
  Kernel kernel{};
  for (std::size_t phase = 0; phase < kInterpolation; ++phase) {
    for (std::size_t tap = 0; tap < kTaps; ++tap) {
      const double time = static_cast<double>(phase) / kInterpolation + static_cast<double>(kReach) - 1 -
                          static_cast<double>(tap);
      kernel[phase][tap] = static_cast<float>(low_pass(time) + tau * low_pass.derivative(time));
    }
  }
  return kernel;
}

void Multiplex::render(std::span<float, kMultiplexBlock> signal) {
  read_audio();
  interpolate(sum_, signal);
  if (stereo_) {
    interpolate(difference_, work_);
    for (std::size_t i = 0; i < kMultiplexBlock; ++i) signal[i] += work_[i] * subcarrier_38k_[i] + pilot_[i];
  }
  if (rds_) {
    rds_->render(work_);
    for (std::size_t i = 0; i < kMultiplexBlock; ++i) signal[i] += work_[i] * subcarrier_57k_[i];
  }
}

void Multiplex::read_audio() {
  std::array<float, kAudioBlock * kAudioChannels> audio;
  programme_.render(audio);
  std::copy(sum_.end() - kHistory, sum_.end(), sum_.begin());
  std::copy(difference_.end() - kHistory, difference_.end(), difference_.begin());
  for (std::size_t i = 0; i < kAudioBlock; ++i) {
    sum_[kHistory + i] = (audio[2 * i] + audio[2 * i + 1]) / 2;
    difference_[kHistory + i] = (audio[2 * i] - audio[2 * i + 1]) / 2;
  }
}

void Multiplex::interpolate(const AudioWindow& audio, std::span<float, kMultiplexBlock> out) const {
  // audio[kReach + k] is the sample of the same moment as out[5 k]: what follows it
  // is the look-ahead.
  for (std::size_t phase = 0; phase < kInterpolation; ++phase) {
    const auto& taps = kernel_[phase];
    std::array<float, kAudioBlock> sum;
    for (std::size_t k = 0; k < kAudioBlock; ++k) {
      // In two halves, which are short enough for the compiler to unroll.
      float past = 0;
      float future = 0;
      for (std::size_t tap = 0; tap < kReach; ++tap) {
        past += taps[tap] * audio[k + 1 + tap];
        future += taps[kReach + tap] * audio[k + 1 + kReach + tap];
      }
      sum[k] = past + future;
    }
    for (std::size_t k = 0; k < kAudioBlock; ++k) out[k * kInterpolation + phase] = sum[k];
  }
}

}  // namespace fmrx::sim
