// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/decimator.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>

#include "sim/kaiser_sinc.hpp"

namespace fmrx::sim {

namespace {

constexpr std::size_t kReach = 38;  // output samples on each side
constexpr std::size_t kLanes = 8;

}  // namespace

Decimator::Decimator(unsigned factor, std::size_t block) : factor_(factor), filled_(kReach * factor) {
  const std::size_t reach = kReach * factor;
  const KaiserSinc low_pass(0.5 / factor, static_cast<double>(reach), 106);
  taps_.resize((2 * reach + 1 + kLanes - 1) / kLanes * kLanes);
  for (std::size_t i = 0; i <= 2 * reach; ++i) {
    taps_[i] = static_cast<float>(low_pass(static_cast<double>(i) - static_cast<double>(reach)));
  }
  window_.resize(taps_.size() + block + factor);
}

void Decimator::push(std::span<const float> input) {
  assert(filled_ + input.size() <= window_.size());
  std::copy(input.begin(), input.end(), window_.begin() + static_cast<std::ptrdiff_t>(filled_));
  filled_ += input.size();
}

std::size_t Decimator::available() const {
  return filled_ < taps_.size() ? 0 : (filled_ - taps_.size()) / factor_ + 1;
}

void Decimator::pull(std::span<float> out) {
  std::size_t start = 0;
  for (float& sample : out) {
    std::array<float, kLanes> sum{};
    for (std::size_t i = 0; i < taps_.size(); i += kLanes) {
      for (std::size_t l = 0; l < kLanes; ++l) sum[l] += taps_[i + l] * window_[start + i + l];
    }
    sample = std::accumulate(sum.begin(), sum.end(), 0.0F);
    start += factor_;
  }
  std::copy(window_.begin() + static_cast<std::ptrdiff_t>(start),
            window_.begin() + static_cast<std::ptrdiff_t>(filled_), window_.begin());
  filled_ -= start;
}

}  // namespace fmrx::sim
