// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/fm_modulator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/kaiser_sinc.hpp"
#include "sim/turn_sincos.hpp"

namespace fmrx::sim {

namespace {

constexpr double kTurn = 4294967296.0;  // 2^32: phases are in fractions of a turn
constexpr double kTurnsPerInterval = kFullScaleDeviation_Hz / kMultiplexRate.hz();  // at full scale

constexpr std::size_t kLanes = 4;  // of the narrowest vectors

/// turns: within +-0.5.
std::uint64_t turns_to_64_bits(double turns) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(turns * kTurn * kTurn));
}

std::size_t round_up_to_lanes(std::size_t count) {
  return (count + kLanes - 1) / kLanes * kLanes;
}

}  // namespace

ModulatorClock::ModulatorClock(SampleRate iq_rate)
    : iq_rate_(iq_rate),
      step_(static_cast<float>(2 * kMultiplexRate.hz() / iq_rate.hz())),
      per_interval_((iq_rate.value() + kMultiplexRate.value() - 1) / kMultiplexRate.value()),
      max_samples_(per_interval_ * kMultiplexBlock) {
  advance();
}

void ModulatorClock::advance() {
  first_sample_ += samples_;
  const std::uint32_t rate = iq_rate_.value();
  const std::uint32_t step = kMultiplexRate.value();
  std::uint32_t count = 0;
  for (Interval& interval : intervals_) {
    interval.first = count;
    interval.first_position = static_cast<float>(2.0 * next_numerator_ / rate - 1);
    if (next_numerator_ < rate) {
      const std::uint32_t inside = (rate - next_numerator_ + step - 1) / step;
      count += inside;
      next_numerator_ += inside * step;
    }
    next_numerator_ -= rate;
  }
  samples_ = count;
}

FmModulator::FmModulator(const Station& station, Hertz offset, const ModulatorClock& clock,
                         std::uint64_t start_phase)
    : multiplex_(station),
      kernel_(kernel()),
      amplitude_(static_cast<float>(std::pow(10.0, station.level_dbfs.value() / 20))),
      carrier_step_(turns_to_64_bits(offset.value() / clock.iq_rate().hz())),
      carrier_start_(start_phase),
      phases_(clock.max_samples() + round_up_to_lanes(clock.per_interval())) {
  multiplex_.render(std::span(signal_).last<kMultiplexBlock>());
}

const FmModulator::Kernel& FmModulator::kernel() {
  static const Kernel made = make_kernel();
  return made;
}

FmModulator::Kernel FmModulator::make_kernel() {
  // Pass band 60 kHz, images from 180 kHz.
  const KaiserSinc low_pass(0.5, static_cast<double>(kHalfTaps), 120);
  constexpr std::size_t kNodes = kDegree + 1;
  Kernel kernel{};
  for (std::size_t j = 0; j < kHalfTaps; ++j) {
    // The piece of the kernel over one interval, interpolated at Chebyshev nodes.
    std::array<double, kNodes> chebyshev{};
    for (std::size_t i = 0; i < kNodes; ++i) {
      const double angle = std::numbers::pi * (static_cast<double>(i) + 0.5) / kNodes;
      const double value = low_pass((1 + std::cos(angle)) / 2 - static_cast<double>(j + 1));
      for (std::size_t k = 0; k < kNodes; ++k) {
        chebyshev[k] += (k == 0 ? 1.0 : 2.0) / kNodes * value * std::cos(static_cast<double>(k) * angle);
      }
    }
    // To powers, by T(k+1) = 2 x T(k) - T(k-1).
    std::array<double, kNodes> power{};
    std::array<double, kNodes> previous{};
    std::array<double, kNodes> current{1};
    for (std::size_t k = 0; k < kNodes; ++k) {
      std::array<double, kNodes> next{};
      for (std::size_t p = 0; p < kNodes; ++p) {
        power[p] += chebyshev[k] * current[p];
        next[p] = (p > 0 ? (k == 0 ? 1 : 2) * current[p - 1] : 0) - previous[p];
      }
      previous = current;
      current = next;
    }
    // The integral over position, that covers an interval in 2.
    for (std::size_t p = 0; p < kNodes; ++p) {
      const double integral = power[p] / static_cast<double>(p + 1) / 2 * kTurnsPerInterval * kTurn;
      kernel.weights[p][j] = static_cast<float>(integral);
      if (p % 2 == 0) kernel.whole_interval[j] += 2 * integral;
    }
  }
  return kernel;
}

void FmModulator::add_to(const ModulatorClock& clock, std::span<float> in_phase,
                         std::span<float> quadrature) {
  next_block();
  find_polynomials();
  find_phases(clock);
  const std::size_t count = clock.samples();
  float* const i_out = in_phase.data();
  float* const q_out = quadrature.data();
  const std::uint32_t* const phase = phases_.data();
  const float amplitude = amplitude_;
  for (std::size_t i = 0; i < count; ++i) {
    const SinCos unit = sincos_of_turn(phase[i]);
    i_out[i] += amplitude * unit.cos;
    q_out[i] += amplitude * unit.sin;
  }
}

void FmModulator::next_block() {
  std::copy(signal_.begin() + kMultiplexBlock, signal_.end(), signal_.begin());
  multiplex_.render(std::span(signal_).last<kMultiplexBlock>());
}

void FmModulator::find_polynomials() {
  using Samples = std::array<float, kMultiplexBlock>;
  std::array<Samples, kHalfTaps> sums;
  std::array<Samples, kHalfTaps> differences;
  for (std::size_t j = 0; j < kHalfTaps; ++j) {
    const float* const left = &signal_[kBefore - j];
    const float* const right = &signal_[kBefore + 1 + j];
    for (std::size_t n = 0; n < kMultiplexBlock; ++n) {
      sums[j][n] = right[n] + left[n];
      differences[j][n] = right[n] - left[n];
    }
  }
  // The phase is counted from the interval's start, position -1.
  Samples at_start{};
  for (std::size_t p = 0; p <= kDegree; ++p) {
    const bool even = p % 2 == 0;
    const auto& samples = even ? sums : differences;
    const auto& weights = kernel_.weights[p];
    Samples& term = polynomials_[p + 1];
    for (std::size_t n = 0; n < kMultiplexBlock; ++n) {
      float sum = 0;
      for (std::size_t j = 0; j < kHalfTaps; ++j) sum += weights[j] * samples[j][n];
      term[n] = sum;
      at_start[n] += even ? -sum : sum;  // the power is p + 1
    }
  }
  for (std::size_t n = 0; n < kMultiplexBlock; ++n) polynomials_[0][n] = -at_start[n];
  std::array<double, kMultiplexBlock> whole;
  for (std::size_t n = 0; n < kMultiplexBlock; ++n) {
    double sum = 0;
    for (std::size_t j = 0; j < kHalfTaps; ++j) {
      sum += kernel_.whole_interval[j] * static_cast<double>(sums[j][n]);
    }
    whole[n] = sum;
  }
  for (std::size_t n = 0; n < kMultiplexBlock; ++n) {
    start_phase_[n] = modulation_;
    // Beyond 2^-20 of a unit of 2^-32 turns nothing is lost that a float could show.
    constexpr double kFraction = 1U << 20;
    modulation_ += static_cast<std::uint64_t>(static_cast<std::int64_t>(whole[n] * kFraction)) << 12;
  }
}

void FmModulator::find_phases(const ModulatorClock& clock) {
  const auto lanes = static_cast<std::int32_t>(round_up_to_lanes(clock.per_interval()));
  const float step = clock.step();
  const auto carrier_step = static_cast<std::uint32_t>((carrier_step_ + (1ULL << 31)) >> 32);
  std::uint64_t carrier = carrier_start_ + carrier_step_ * clock.first_sample();
  std::uint32_t before = 0;
  for (std::size_t n = 0; n < kMultiplexBlock; ++n) {
    const ModulatorClock::Interval interval = clock.intervals()[n];
    carrier += carrier_step_ * (interval.first - before);
    before = interval.first;
    const auto base = static_cast<std::uint32_t>((start_phase_[n] + carrier) >> 32);
    std::array<float, kPhaseTerms> c;
    for (std::size_t q = 0; q < kPhaseTerms; ++q) c[q] = polynomials_[q][n];
    std::uint32_t* const out = phases_.data() + interval.first;
    // Whole vectors: what lies beyond the interval's end, the next overwrites.
    for (std::int32_t i = 0; i < lanes; ++i) {
      const float position = interval.first_position + step * static_cast<float>(i);
      const float x = std::min(position, 1.0F);
      float phase = c[kPhaseTerms - 1];
      for (std::size_t q = kPhaseTerms - 1; q-- > 0;) phase = phase * x + c[q];
      out[i] = base + static_cast<std::uint32_t>(i) * carrier_step +
               static_cast<std::uint32_t>(static_cast<std::int32_t>(phase));
    }
  }
}

}  // namespace fmrx::sim
