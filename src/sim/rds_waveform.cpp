// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/rds_waveform.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "sim/kaiser_sinc.hpp"

namespace fmrx::sim {

namespace {

/// Impulse response of the shaping filter cos(pi f td / 4), |f| <= 2 / td. Time in
/// bits. The window ends it; it widens the edge at 2.4 kHz by some 0.3 kHz.
double shaped_impulse(double time) {
  constexpr double kHalfWidth = 4.7;
  constexpr double kWindowBeta = 6;
  if (std::abs(time) >= kHalfWidth) return 0;
  const double x = 8 * time;
  const double pole = 1 - x * x;
  const double shape =
      std::abs(pole) < 1e-9 ? std::numbers::pi / 4 : std::cos(std::numbers::pi * x / 2) / pole;
  return shape * kaiser_window(time / kHalfWidth, kWindowBeta);
}

/// A one: an impulse at the beginning of the bit and its opposite half way.
double biphase_symbol(double time) {
  return shaped_impulse(time) - shaped_impulse(time - 0.5);
}

}  // namespace

RdsWaveform::RdsWaveform(const RdsIdentity& identity, bool stereo)
    : encoder_(identity, stereo), symbols_(symbols()) {
  // The first bit begins at sample 0; the next ones are heard already.
  for (std::size_t i = 0; i <= kOverlap / 2; ++i) next_bit();
}

const RdsWaveform::SymbolTable& RdsWaveform::symbols() {
  static const std::unique_ptr<const SymbolTable> table = [] {
    auto made = std::make_unique<SymbolTable>();
    fill(*made);
    return made;
  }();
  return *table;
}

void RdsWaveform::fill(SymbolTable& table) {
  double peak = 0;
  const auto symbol_at = [](std::size_t step, std::size_t bit) {
    const double time = static_cast<double>(step) / kPeriod;
    return biphase_symbol(time + static_cast<double>(kOverlap / 2) - 1 - static_cast<double>(bit));
  };
  for (std::size_t step = 0; step < kPeriod; ++step) {
    double worst = 0;
    for (std::size_t bit = 0; bit < kOverlap; ++bit) worst += std::abs(symbol_at(step, bit));
    peak = std::max(peak, worst);
  }
  for (std::size_t step = 0; step < kPeriod; ++step) {
    for (std::size_t bit = 0; bit < kOverlap; ++bit)
      table[step][bit] = static_cast<float>(symbol_at(step, bit) / peak);
  }
}

void RdsWaveform::next_bit() {
  std::move(bits_.begin() + 1, bits_.end(), bits_.begin());
  bits_.back() = encoder_.next_bit() ? 1.0F : -1.0F;
}

void RdsWaveform::render(std::span<float> signal) {
  for (float& sample : signal) {
    const auto& weights = symbols_[position_];
    float sum = 0;
    for (std::size_t bit = 0; bit < kOverlap; ++bit) sum += bits_[bit] * weights[bit];
    sample = sum;
    position_ += kBitsPerPeriod;
    if (position_ >= kPeriod) {
      position_ -= kPeriod;
      next_bit();
    }
  }
}

}  // namespace fmrx::sim
