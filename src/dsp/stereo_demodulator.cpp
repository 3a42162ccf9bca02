// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/stereo_demodulator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

/// Programme stays 4 kHz away from the pilot on either side. The pilot is within 2 Hz of where it is
/// expected, where clocks are within 100 ppm: a pass band is not needed.
std::vector<double> design_pilot_low_pass(double baseband_hz) {
  return chebyshev_low_pass(baseband_hz, 3900, 90);
}

/// Time for the filters before this block to fill.
constexpr double kSettling_s = 0.004;

/// Time from mono to full stereo and back.
constexpr double kFade_s = 0.03;

/// Pilot over noise, as powers in the loop's input, 2 kHz wide, that automatic stereo asks for
/// and lives with: 26 and 23 dB, some 16 and 13 dB of carrier to noise, where stereo
/// is 31 and 28 dB above its noise and mono 22 dB better.
constexpr double kStereoFrom = 411;
constexpr double kStereoDownTo = 206;

/// A low-pass around the pilot: with the 19 kHz oscillator folded into its taps, real and imaginary part.
std::array<std::vector<double>, 2> pilot_taps(const RatePlan& plan) {
  const std::vector<double> low_pass = design_pilot_low_pass(plan.baseband_hz());
  const TurnCounter turns(kPilot_Hz / plan.baseband_hz());
  std::array<std::vector<double>, 2> taps;
  for (std::size_t k = 0; k < low_pass.size(); ++k) {
    const auto from_middle = static_cast<std::int64_t>(k) - static_cast<std::int64_t>(low_pass.size() / 2);
    const std::complex<double> phasor = std::conj(turns.phasor(from_middle));
    taps[0].push_back(low_pass[k] * phasor.real());
    taps[1].push_back(low_pass[k] * phasor.imag());
  }
  return taps;
}

}  // namespace

StereoDemodulator::StereoDemodulator(const RatePlan& plan, StereoMode mode, const Kernels& kernels,
                                     std::size_t max_block, std::size_t history)
    : kernels_(kernels),
      mode_(mode),
      pilot_turns_(kPilot_Hz / plan.baseband_hz()),
      pilot_filter_(kernels, pilot_taps(plan), kHop, max_block),
      pilot_re_(pilot_filter_.max_output() + kOutputSlack),
      pilot_im_(pilot_re_.size()),
      to_start_(std::conj(pilot_turns_.phasor(static_cast<std::int64_t>(kHop) - 1))),
      max_output_(max_block + kHop),
      settling_hops_(std::llround(kSettling_s * plan.pilot_hz())),
      loop_(plan.pilot_hz()),
      fade_step_(static_cast<float>(1 / (kFade_s * plan.pilot_hz()))),
      difference_(history, max_output_) {
  for (std::int64_t hop = 0; hop < kRun; ++hop)
    hop_turns_.push_back(pilot_turns_.phasor(hop * static_cast<std::int64_t>(kHop)));
  const TurnCounter subcarrier_turns(kSubcarrier_Hz / plan.baseband_hz());
  for (std::size_t k = 0; k < kHop + kOutputSlack; ++k) {
    const std::complex<double> phasor = subcarrier_turns.phasor(static_cast<std::int64_t>(k));
    hop_cos_.push_back(static_cast<float>(phasor.real()));
    hop_sin_.push_back(static_cast<float>(phasor.imag()));
    hop_share_.push_back(static_cast<float>(k + 1) / kHop);
  }
}

std::size_t StereoDemodulator::history(const RatePlan& plan) {
  const std::size_t taps = design_pilot_low_pass(plan.baseband_hz()).size();
  return std::max(taps - 1, kHop + taps / 2);
}

SumAndDifference StereoDemodulator::process(const MultiplexBands& bands) {
  const std::size_t count = bands.sum.size();
  const std::size_t hops = (in_hop_ + count) / kHop;
  pilot_filter_.process(bands.sum, {pilot_re_.data(), pilot_im_.data()});
  difference_.begin_block(hops * kHop);
  // A hop is demodulated when the pilot's low-pass has come to the end of the hop: so much later.
  const std::size_t behind = in_hop_ + delay_samples();
  const float* const delayed_sum = bands.sum.data() - behind;
  const float* const delayed_re = bands.difference.re.data() - behind;
  const float* const delayed_im = bands.difference.im.data() - behind;
  for (std::size_t hop = 0; hop < hops; ++hop, ++hop_) {
    follow_pilot({static_cast<double>(pilot_re_[hop]), static_cast<double>(pilot_im_[hop])});
    demodulate(delayed_re + hop * kHop, delayed_im + hop * kHop, difference_.extend(kHop).data());
  }
  in_hop_ = (in_hop_ + count) % kHop;
  return {{delayed_sum, hops * kHop}, difference_.block()};
}

/// One sample of the pilot, at the middle of its low-pass, into the loop. `folded`: still turned by the
/// oscillator in the taps.
void StereoDemodulator::follow_pilot(std::complex<double> folded) {
  earlier_ = now_;
  if (hop_ % kRun == 0)
    run_start_ = pilot_turns_.phasor((hop_ + 1) * static_cast<std::int64_t>(kHop) - 1 -
                                     static_cast<std::int64_t>(delay_samples()));
  if (hop_ < settling_hops_) return;
  const std::complex<double> nominal = run_start_ * hop_turns_[static_cast<std::size_t>(hop_ % kRun)];
  loop_.process(folded * std::conj(nominal));
  const std::complex<double> nominal_at_start = nominal * to_start_;
  nominal_subcarrier_ = nominal_at_start * nominal_at_start;
  now_ = loop_.phasor() * loop_.phasor();
}

/// The hop that ends at the pilot's last sample.
void StereoDemodulator::demodulate(const float* re, const float* im, float* out) {
  const float fade_before = fade_;
  fade_ = fade_after_hop();
  if (fade_before == 0 && fade_ == 0) {
    std::fill_n(out, kHop, 0.0F);
    return;
  }
  // Twice Im(z exp(-2jb)), fade included: both ends of the hop exactly, a chord in between.
  const std::complex<double> twice = 2.0 * nominal_subcarrier_;
  const std::complex<float> before(static_cast<double>(fade_before) * twice * earlier_);
  const std::complex<float> after(static_cast<double>(fade_) * twice * now_);
  kernels_.demodulate({.re = re,
                       .im = im,
                       .table_re = hop_cos_.data(),
                       .table_im = hop_sin_.data(),
                       .shares = hop_share_.data(),
                       .from_re = before.real(),
                       .from_im = before.imag(),
                       .to_re = after.real(),
                       .to_im = after.imag(),
                       .count = kHop,
                       .out = out});
}

float StereoDemodulator::fade_after_hop() {
  stereo_ = stereo_wanted();
  return std::clamp(fade_ + (stereo_ ? fade_step_ : -fade_step_), 0.0F, 1.0F);
}

bool StereoDemodulator::stereo_wanted() const {
  switch (mode_) {
    case StereoMode::automatic:
      return loop_.locked() && loop_.to_noise() > (stereo_ ? kStereoDownTo : kStereoFrom);
    case StereoMode::mono:
      return false;
    case StereoMode::stereo:
      return loop_.locked();
  }
  return false;
}

}  // namespace fmrx::dsp
