// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/envelope_meter.hpp"

#include <algorithm>
#include <cmath>

namespace fmrx::dsp {
namespace {

/// One sample in so many is enough for two moments.
constexpr std::uint64_t kThinning = 16;

}  // namespace

void EnvelopeMeter::process(ComplexView channel) {
  const std::uint64_t count = channel.size();
  const std::uint64_t first = (kThinning - index_ % kThinning) % kThinning;
  for (std::uint64_t n = first; n < count; n += kThinning) {
    const auto re = static_cast<double>(channel.re[n]);
    const auto im = static_cast<double>(channel.im[n]);
    const double power = re * re + im * im;
    second_moment_ += power;
    fourth_moment_ += power * power;
    ++count_;
  }
  index_ += count;
}

Envelope EnvelopeMeter::take() {
  if (count_ == 0) return {};
  const double m2 = second_moment_ / static_cast<double>(count_);
  const double m4 = fourth_moment_ / static_cast<double>(count_);
  const double carrier = std::sqrt(std::max(0.0, 2 * m2 * m2 - m4));
  count_ = 0;
  second_moment_ = 0;
  fourth_moment_ = 0;
  return {carrier, std::max(0.0, m2 - carrier)};
}

}  // namespace fmrx::dsp
