// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/tuner.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <numeric>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

/// Turns of the table between two phasors that are computed from the angle itself.
constexpr std::int64_t kExactTurns = 64;

/// Rounds towards minus infinity: before the first sample there is silence, at negative indices.
constexpr std::int64_t floor_multiple(std::int64_t index, std::int64_t of) {
  const std::int64_t rest = index % of;
  return index - (rest < 0 ? rest + of : rest);
}

/// The low-pass is made for this band, where the IF has room, and stops from the IF rate less
/// this on: what lies between folds onto itself, outside of what a station needs.
constexpr double kPass_Hz = 140e3;

/// Ripple is what makes distortion, where a station's side bands are strong: 0.0002 dB.
constexpr double kFlat_Hz = 130e3;
constexpr double kRipple = 2e-5;
/// 86 dB.
constexpr double kStopped = 5e-5;

/// Close enough that a ripple is not missed: the shortest one takes a multiple of it.
constexpr double kMaskStep_Hz = 2e3;

bool keeps_mask(const std::vector<double>& taps, const RatePlan& plan) {
  const double rate_hz = plan.input.hz();
  for (double f_hz = 0; f_hz <= kFlat_Hz; f_hz += kMaskStep_Hz)
    if (std::fabs(zero_phase_response(taps, f_hz, rate_hz) - 1) > kRipple) return false;
  for (double f_hz = plan.if_hz() - kPass_Hz; f_hz <= rate_hz / 2; f_hz += kMaskStep_Hz)
    if (std::fabs(zero_phase_response(taps, f_hz, rate_hz)) > kStopped) return false;
  return true;
}

/// Gain 1 at 0 Hz.
std::vector<double> least_squares_low_pass(const RatePlan& plan, std::size_t count) {
  const LeastSquaresDesign design(
      {.rate_hz = plan.input.hz(), .pass_hz = kPass_Hz, .stop_hz = plan.if_hz() - kPass_Hz, .stop_weight = 1},
      count);
  std::vector<double> taps =
      design.taps([](double /*f_hz*/) { return 1.0; }, static_cast<double>(count - 1) / 2);
  const double gain = std::accumulate(taps.begin(), taps.end(), 0.0);
  for (double& tap : taps) tap /= gain;
  return taps;
}

/// For numbers of 16 bits: what rounds to 1.
constexpr double kOne = 32767;
/// A little below: roundings of the oscillator must not pass the end of the numbers.
constexpr double kTableOne = 32440.0 / PairTunerTables::kHeadroom;

std::int32_t whole(double x) {
  return static_cast<std::int32_t>(std::lround(x));
}

/// Two 16-bit numbers, the first one low.
std::int32_t pair(std::int32_t first, std::int32_t second) {
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(second) << 16) |
                                   (static_cast<std::uint32_t>(first) & 0xFFFFU));
}

}  // namespace

std::vector<double> tuner_taps(const RatePlan& plan) {
  if (plan.if_decimation == 1) return {1.0};
  std::vector<double> taps;
  // No mask that is kept needs fewer than these.
  for (std::size_t count = 12 * plan.if_decimation; !keeps_mask(taps, plan); count += 2)
    taps = least_squares_low_pass(plan, count);
  return taps;
}

Tuner::Tuner(const RatePlan& plan, Hertz offset, const Kernels& kernels, std::size_t max_block,
             std::size_t history)
    : kernels_(kernels),
      input_hz_(plan.input.hz()),
      step_(plan.if_decimation),
      mixes_(offset.value() != 0),
      turns_(-offset.value() / plan.input.hz()),
      max_output_(max_block / step_ + 1),
      history_(history),
      // The kernel computes whole shares.
      out_re_(history, history + TunerJob::computed(max_output_) + TunerJob::kShare),
      out_im_(out_re_) {
  for (const double tap : tuner_taps(plan)) taps_.push_back(static_cast<float>(tap));
  for (std::size_t n = 0; n < table_size(); ++n) {
    const std::complex<double> phasor = turns_.phasor(static_cast<std::int64_t>(n));
    table_re_.push_back(static_cast<float>(phasor.real()));
    table_im_.push_back(static_cast<float>(phasor.imag()));
  }
  for (std::int64_t turn = 0; turn < kExactTurns; ++turn)
    turn_steps_.push_back(turns_.phasor(turn * static_cast<std::int64_t>(table_size())));
  const std::size_t most_anchors =
      TunerJob::samples_read(max_output_, step_, taps_.size()) / table_size() + 2;
  anchors_re_.resize(most_anchors);
  anchors_im_.resize(most_anchors);
  pairs_.anchors_re.resize(most_anchors);
  pairs_.anchors_im.resize(most_anchors);
  prepare_pairs();
  scratch_.resize(TunerJob::scratch_floats(step_, taps_.size()));
  seam_.resize((TunerJob::kAlignment + TunerJob::samples_read(3 * TunerJob::kShare, step_, taps_.size())) *
               bytes_per_sample(IqFormat::cf32));
  begin(format_);
}

/// Tables of 16-bit numbers. The taps are as large as the sums' 32 bits allow for any signal.
void Tuner::prepare_pairs() {
  double sum = 0;
  double largest = 0;
  for (const float tap : taps_) {
    sum += std::fabs(static_cast<double>(tap));
    largest = std::max(largest, std::fabs(static_cast<double>(tap)));
  }
  constexpr double kMost = 0x7FFF'0000 / (std::numbers::sqrt2 * PairTunerTables::kLargestSample);
  const double tap_scale = std::min(kMost / sum, kOne / largest);
  const auto tap = [&](std::size_t k) {
    return k < taps_.size() ? whole(static_cast<double>(taps_[k]) * tap_scale) : 0;
  };
  for (std::size_t k = 0; k <= taps_.size(); k += 2) {
    pairs_.taps[0].push_back(pair(tap(k), tap(k + 1)));
    pairs_.taps[1].push_back(pair(k == 0 ? 0 : tap(k - 1), tap(k)));
  }
  for (std::size_t n = 0; n < table_size(); n += 2) {
    const auto entry = [&](const std::vector<float>& table, std::size_t k) {
      return whole(static_cast<double>(table[k]) * kTableOne);
    };
    pairs_.table_re.push_back(pair(entry(table_re_, n), entry(table_re_, n + 1)));
    pairs_.table_im.push_back(pair(entry(table_im_, n), entry(table_im_, n + 1)));
  }
  const double mixer_gain = mixes_ ? PairTunerTables::kHeadroom * kTableOne / 32768 * kOne / 32768 : 1;
  pairs_.scale = static_cast<float>(1 / (tap_scale * mixer_gain * PairTunerTables::kLargestSample));
}

/// The silence before the first sample. An unsigned format has no zero: its lead-in is half a
/// step off, long gone when the audio begins.
void Tuner::begin(IqFormat format) {
  format_ = format;
  std::fill(seam_.begin(), seam_.end(), format == IqFormat::cu8 ? std::byte{128} : std::byte{0});
  seam_first_ = floor_multiple(first_needed(), TunerJob::kAlignment);
  seam_samples_ = static_cast<std::size_t>(samples_ - seam_first_);
}

/// The kernel takes its samples from the block where it can. Those of windows that begin before the
/// block, or for which the kernel would read beyond it, are brought together in the seam.
ComplexRoom Tuner::process(IqView iq) {
  if (iq.format != format_) begin(iq.format);
  at_end_ = false;
  done_ = 0;
  const std::int64_t end = samples_ + static_cast<std::int64_t>(iq.samples());
  const auto outputs = static_cast<std::size_t>(end / static_cast<std::int64_t>(step_) - outputs_);
  out_re_.drop(out_re_.size() - history_);
  out_im_.drop(out_im_.size() - history_);
  room_ = {out_re_.extend(outputs), out_im_.extend(outputs)};
  const std::size_t share = TunerJob::kShare * step_;
  if (iq.samples() <= 2 * share) {
    tune_in_seam(iq.bytes);
  } else {
    const std::span<const std::byte> first = iq.bytes.first(share * bytes_per_sample(format_));
    tune_in_seam(first);
    tune_in_block(iq.bytes, static_cast<std::int64_t>(samples_) - static_cast<std::int64_t>(share));
  }
  return room_;
}

void Tuner::tune_in_seam(std::span<const std::byte> bytes) {
  const std::size_t sample_bytes = bytes_per_sample(format_);
  std::memcpy(seam_.data() + seam_samples_ * sample_bytes, bytes.data(), bytes.size());
  look_for_ends(bytes);
  const std::size_t samples = bytes.size() / sample_bytes;
  seam_samples_ += samples;
  samples_ += static_cast<std::int64_t>(samples);
  tune(seam_.data(), static_cast<std::size_t>(samples_ / static_cast<std::int64_t>(step_) - outputs_));
  forget();
}

/// `block` begins with sample `begin` of the stream, and its first share is tuned already.
void Tuner::tune_in_block(std::span<const std::byte> block, std::int64_t begin) {
  const std::size_t sample_bytes = bytes_per_sample(format_);
  const auto window = [&] {
    return block.subspan(static_cast<std::size_t>(seam_first_ - begin) * sample_bytes);
  };
  const std::size_t share = TunerJob::kShare * step_;
  const std::size_t margin = TunerJob::samples_read(0, step_, taps_.size());
  const std::size_t samples = window().size() / sample_bytes;
  const std::size_t shares = samples < margin ? 0 : (samples - margin) / share;
  if (tune(window().data(), shares * TunerJob::kShare)) at_end_ = true;
  seam_first_ = floor_multiple(first_needed(), TunerJob::kAlignment);
  samples_ = seam_first_;
  seam_samples_ = 0;
  tune_in_seam(window());
}

void Tuner::look_for_ends(std::span<const std::byte> bytes) {
  if (format_ == IqFormat::cu8 &&
      kernels_.any_at_end(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()))
    at_end_ = true;
}

/// The oldest sample of the next output, whose newest is the last of a step.
std::int64_t Tuner::first_needed() const {
  return (outputs_ + 1) * static_cast<std::int64_t>(step_) - static_cast<std::int64_t>(taps_.size());
}

/// The next outputs, from a window whose first sample is seam_first_. Whether a byte of cu8 was 0 or 255.
bool Tuner::tune(const std::byte* window, std::size_t outputs) {
  if (outputs == 0) return false;
  const auto table = static_cast<std::int64_t>(table_size());
  TunerJob job{};
  job.format = format_;
  job.window = window;
  job.lead = static_cast<std::size_t>(first_needed() - seam_first_);
  job.outputs = outputs;
  job.step = step_;
  job.taps = taps_.data();
  job.tap_count = taps_.size();
  if (mixes_) {
    prepare_anchors(TunerJob::samples_read(outputs, step_, taps_.size()));
    job.table_re = table_re_.data();
    job.table_im = table_im_.data();
    job.table_position = static_cast<std::size_t>(seam_first_ - floor_multiple(seam_first_, table));
    job.anchors_re = anchors_re_.data();
    job.anchors_im = anchors_im_.data();
  }
  if (uses_pairs())
    job.pairs = {.taps = {pairs_.taps[0].data(), pairs_.taps[1].data()},
                 .tap_count = pairs_.taps[0].size(),
                 .table_re = pairs_.table_re.data(),
                 .table_im = pairs_.table_im.data(),
                 .anchors_re = pairs_.anchors_re.data(),
                 .anchors_im = pairs_.anchors_im.data(),
                 .scale = pairs_.scale};
  job.scratch = scratch_.data();
  job.out_re = room_.re.data() + done_;
  job.out_im = room_.im.data() + done_;
  outputs_ += static_cast<std::int64_t>(outputs);
  done_ += outputs;
  return kernels_.tune(job);
}

void Tuner::prepare_anchors(std::size_t samples) {
  const auto table = static_cast<std::int64_t>(table_size());
  const std::int64_t first = floor_multiple(seam_first_, table) / table;
  const std::size_t count = std::min(samples / table_size() + 2, anchors_re_.size());
  std::int64_t exact_turn = floor_multiple(first, kExactTurns);
  std::complex<double> exact = turns_.phasor(exact_turn * table);
  for (std::size_t n = 0; n < count; ++n) {
    const std::int64_t turn = first + static_cast<std::int64_t>(n);
    if (turn - exact_turn == kExactTurns) {
      exact_turn = turn;
      exact = turns_.phasor(turn * table);
    }
    const std::complex<double>& step = turn_steps_[static_cast<std::size_t>(turn - exact_turn)];
    anchors_re_[n] = static_cast<float>(exact.real() * step.real() - exact.imag() * step.imag());
    anchors_im_[n] = static_cast<float>(exact.real() * step.imag() + exact.imag() * step.real());
  }
  if (!uses_pairs()) return;
  for (std::size_t n = 0; n < count; ++n) {
    const std::int32_t re = whole(static_cast<double>(anchors_re_[n]) * kOne);
    const std::int32_t im = whole(static_cast<double>(anchors_im_[n]) * kOne);
    pairs_.anchors_re[n] = pair(re, re);
    pairs_.anchors_im[n] = pair(im, im);
  }
}

/// Drops what no later output needs, by whole units of the kernel's alignment.
void Tuner::forget() {
  const std::int64_t first = floor_multiple(first_needed(), TunerJob::kAlignment);
  const auto dropped = static_cast<std::size_t>(first - seam_first_);
  const std::size_t sample_bytes = bytes_per_sample(format_);
  seam_samples_ -= dropped;
  std::memmove(seam_.data(), seam_.data() + dropped * sample_bytes, seam_samples_ * sample_bytes);
  seam_first_ = first;
}

double Tuner::delay_samples() const {
  return static_cast<double>(taps_.size() - 1) / 2 - static_cast<double>(step_ - 1);
}

double Tuner::noise_bandwidth_hz() const {
  double power = 0;
  for (const float tap : taps_) power += static_cast<double>(tap) * static_cast<double>(tap);
  return power * input_hz_;
}

}  // namespace fmrx::dsp
