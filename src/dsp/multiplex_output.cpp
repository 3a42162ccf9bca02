// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/multiplex_output.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/error.hpp"
#include "dsp/discriminator.hpp"
#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

/// All subcarriers of ITU-R BS.450 and those beyond it that are in use end below this.
constexpr double kHighest_Hz = 100'000;
constexpr double kShareKept = 0.4;  ///< of the output rate
/// What lies between folds onto frequencies above those that are kept.
constexpr double kHighestStop_Hz = 2 * kHighest_Hz;
/// 80 dB, and what the equaliser lifts.
constexpr double kAttenuation_dB = 86;
/// Up to so many phases the bank holds each one; beyond, neighbours are interpolated, which errs
/// by (2 pi 60 / 384 / kMostPhases)^2 / 8, -128 dB, at 60 kHz.
constexpr std::uint64_t kMostPhases = 512;
constexpr std::size_t kEqualiserHalf = 8;
/// Of the IF; 100 kHz of 250 kHz, so that all that is kept lies inside.
constexpr double kEqualisedShare = 0.4;

SampleRate checked(SampleRate output, const RatePlan& plan) {
  if (output.hz() <= plan.if_hz()) return output;
  throw Error(ExitStatus::usage, "a multiplex of " + std::to_string(output.value()) +
                                     " samples a second needs an IQ rate of at least that; the source has " +
                                     std::to_string(plan.input.value()) + ": choose a lower --mpx-rate");
}

}  // namespace

MultiplexOutput::MultiplexOutput(SampleRate source, SampleRate output, const Kernels& kernels)
    : kernels_(kernels),
      rate_(checked(output, RatePlan(source))),
      if_hz_(RatePlan(source).if_hz()),
      pass_hz_(std::min(kHighest_Hz, kShareKept * output.hz())),
      step_numerator_(source.value()),
      step_denominator_(std::uint64_t{RatePlan(source).if_decimation} * output.value()),
      phases_(0),
      in_(0, 0) {
  const std::uint64_t common = std::gcd(step_numerator_, step_denominator_);
  step_numerator_ /= common;
  step_denominator_ /= common;
  phases_ = static_cast<std::size_t>(std::min(step_denominator_, kMostPhases));
  design();
  in_ = BlockStream(taps_, kPiece);
  window_ = 1 - static_cast<std::int64_t>(taps_);
}

/// A low-pass at phases_ times the IF, dealt out to the phases; then each phase is convolved with
/// the inverse of the discriminator's droop, which is a filter at the IF.
void MultiplexOutput::design() {
  const double oversampled = static_cast<double>(phases_);
  const std::vector<double> low_pass =
      kaiser_low_pass({.rate_hz = if_hz_ * oversampled,
                       .pass_hz = pass_hz_,
                       .stop_hz = std::min(rate_.hz() - pass_hz_, kHighestStop_Hz),
                       .attenuation_db = kAttenuation_dB});
  const LeastSquaresDesign inverse(
      {.rate_hz = if_hz_, .pass_hz = kEqualisedShare * if_hz_, .stop_hz = if_hz_ / 2, .stop_weight = 0},
      2 * kEqualiserHalf + 1);
  const std::vector<double> equaliser =
      inverse.taps([&](double f_hz) { return 1 / Discriminator::droop(f_hz, if_hz_); }, kEqualiserHalf);

  const auto half = static_cast<std::ptrdiff_t>(low_pass.size() / 2);
  const auto phases = static_cast<std::ptrdiff_t>(phases_);
  const std::ptrdiff_t side = half / phases + 1;  // taps of a phase on either side
  taps_ = static_cast<std::size_t>(2 * side) + 1 + equaliser.size() - 1;
  middle_ = static_cast<double>(side) + kEqualiserHalf;
  const double gain = oversampled * kFullScaleDeviation_Hz / kFullScale.value();
  for (std::ptrdiff_t phase = 0; phase <= phases; ++phase) {
    std::vector<double> sum(taps_, 0.0);
    for (std::ptrdiff_t k = -side; k <= side; ++k) {
      const std::ptrdiff_t at = half + k * phases - phase;
      if (at < 0 || at >= static_cast<std::ptrdiff_t>(low_pass.size())) continue;
      for (std::size_t j = 0; j < equaliser.size(); ++j)
        sum[static_cast<std::size_t>(k + side) + j] +=
            gain * low_pass[static_cast<std::size_t>(at)] * equaliser[j];
    }
    bank_.emplace_back(sum.begin(), sum.end());
  }
}

std::span<const float> MultiplexOutput::process(std::span<const float> multiplex) {
  const auto most =
      static_cast<std::size_t>(std::ceil(static_cast<double>(multiplex.size()) * rate_.hz() / if_hz_)) + 1;
  if (out_.size() < most) out_.resize(most);
  std::size_t made = 0;
  while (!multiplex.empty()) {
    const std::size_t count = std::min(kPiece, multiplex.size());
    made += resample(in_.next_block(multiplex.first(count)), out_.data() + made);
    multiplex = multiplex.subspan(count);
  }
  return {out_.data(), made};
}

/// Windows begin in what came before the piece, or in it. A step may lead past its end.
std::size_t MultiplexOutput::resample(std::span<const float> piece, float* out) {
  const auto size = static_cast<std::int64_t>(piece.size());
  std::size_t made = 0;
  while (window_ + static_cast<std::int64_t>(taps_) <= size) {
    out[made++] = filtered(piece.data() + window_);
    fraction_numerator_ += step_numerator_;
    window_ += static_cast<std::int64_t>(fraction_numerator_ / step_denominator_);
    fraction_numerator_ %= step_denominator_;
  }
  window_ -= size;
  return made;
}

float MultiplexOutput::filtered(const float* window) const {
  const auto by = [&](std::size_t phase) { return kernels_.dot(bank_[phase].data(), window, taps_); };
  if (phases_ == step_denominator_) return by(static_cast<std::size_t>(fraction_numerator_));
  const double phase = static_cast<double>(fraction_numerator_) / static_cast<double>(step_denominator_) *
                       static_cast<double>(phases_);
  const auto lower = static_cast<std::size_t>(phase);
  const auto share = static_cast<float>(phase - static_cast<double>(lower));
  const float below = by(lower);
  return below + share * (by(lower + 1) - below);
}

double MultiplexOutput::delay_s() const {
  return (static_cast<double>(taps_ - 1) - middle_) / if_hz_;
}

}  // namespace fmrx::dsp
