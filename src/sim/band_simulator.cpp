// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/band_simulator.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "sim/decimator.hpp"
#include "sim/fm_modulator.hpp"
#include "sim/noise.hpp"

namespace fmrx::sim {

namespace {

/// Below this rate the side bands of FM do not fit: the band is made at a multiple
/// and decimated, as a tuner does.
constexpr std::uint32_t kLowestSynthesisRate = 900'000;

/// Half of what a station occupies, to some -60 dB of its carrier.
constexpr double kHalfChannel_Hz = 150'000;

/// Where the decimator's stop band begins, over the rate.
constexpr double kStopBand = 0.55;

unsigned synthesis_factor(SampleRate rate) {
  return (kLowestSynthesisRate + rate.value() - 1) / rate.value();
}

/// Without a filter a station must lie inside the band as a whole; with one, all
/// that reaches into it counts.
bool inside(Hertz offset, SampleRate rate) {
  const double distance_hz = std::abs(offset.value());
  if (synthesis_factor(rate) == 1) return distance_hz <= rate.hz() / 2 - kHalfChannel_Hz;
  return distance_hz <= rate.hz() * kStopBand + kHalfChannel_Hz;
}

float noise_sigma(SampleRate rate) {
  const double power = std::pow(10.0, kNoiseFloor_dBFS.value() / 10) * rate.hz() / kNoiseBandwidth.value();
  return static_cast<float>(std::sqrt(power / 2));
}

}  // namespace

class BandSimulator::Implementation {
 public:
  Implementation(SampleRate rate, Hertz centre, std::uint64_t seed, std::span<const Station> band)
      : clock_(SampleRate(rate.value() * synthesis_factor(rate))),
        noise_(seed, noise_sigma(rate)),
        in_phase_(clock_.max_samples()),
        quadrature_(clock_.max_samples()) {
    SplitMix64 phases(~seed);
    for (const Station& station : band) {
      const std::uint64_t phase = phases.next();
      const Hertz offset = station.frequency - centre;
      if (inside(offset, rate)) modulators_.emplace_back(station, offset, clock_, phase);
    }
    if (const unsigned factor = synthesis_factor(rate); factor > 1) {
      filter_i_.emplace(factor, clock_.max_samples());
      filter_q_.emplace(factor, clock_.max_samples());
    }
  }

  void generate(std::span<std::complex<float>> iq) {
    while (!iq.empty()) {
      if (read_ == ready_) next_block();
      const std::size_t count = std::min(iq.size(), ready_ - read_);
      for (std::size_t i = 0; i < count; ++i) iq[i] = {in_phase_[read_ + i], quadrature_[read_ + i]};
      read_ += count;
      iq = iq.subspan(count);
    }
  }

  [[nodiscard]] std::size_t stations() const { return modulators_.size(); }

 private:
  void next_block() {
    const std::span in_phase = std::span(in_phase_).first(clock_.samples());
    const std::span quadrature = std::span(quadrature_).first(clock_.samples());
    std::fill(in_phase.begin(), in_phase.end(), 0.0F);
    std::fill(quadrature.begin(), quadrature.end(), 0.0F);
    for (FmModulator& modulator : modulators_) modulator.add_to(clock_, in_phase, quadrature);
    clock_.advance();

    read_ = 0;
    ready_ = in_phase.size();
    if (filter_i_) {
      filter_i_->push(in_phase);
      filter_q_->push(quadrature);
      ready_ = filter_i_->available();
      filter_i_->pull(in_phase.first(ready_));
      filter_q_->pull(quadrature.first(ready_));
    }
    noise_.add_to(in_phase.first(ready_), quadrature.first(ready_));
  }

  ModulatorClock clock_;
  std::vector<FmModulator> modulators_;
  std::optional<Decimator> filter_i_;
  std::optional<Decimator> filter_q_;
  GaussianNoise noise_;
  std::vector<float> in_phase_;
  std::vector<float> quadrature_;
  std::size_t read_ = 0;
  std::size_t ready_ = 0;
};

BandSimulator::BandSimulator(SampleRate rate, Hertz centre, std::uint64_t seed,
                             std::span<const Station> band) {
  if (rate < kMinRate || rate > kMaxRate) {
    throw Error(ExitStatus::usage, "the simulator has no rate of " + std::to_string(rate.value()) +
                                       " S/s: choose one from 200 kS/s to 20 MS/s");
  }
  implementation_ = std::make_unique<Implementation>(rate, centre, seed, band);
}

BandSimulator::~BandSimulator() = default;
BandSimulator::BandSimulator(BandSimulator&&) noexcept = default;
BandSimulator& BandSimulator::operator=(BandSimulator&&) noexcept = default;

void BandSimulator::generate(std::span<std::complex<float>> iq) {
  implementation_->generate(iq);
}

std::size_t BandSimulator::stations() const {
  return implementation_->stations();
}

}  // namespace fmrx::sim
