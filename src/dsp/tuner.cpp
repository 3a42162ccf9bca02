// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/tuner.hpp"

#include <algorithm>
#include <cmath>

#include "dsp/channel_filter.hpp"

namespace fmrx::dsp {
namespace {

/// Turns of the table between two phasors that are computed from the angle itself.
constexpr std::int64_t kExactTurns = 64;

/// Rounds towards minus infinity: before the first sample there is silence, at negative indices.
constexpr std::int64_t floor_multiple(std::int64_t index, std::int64_t of) {
  const std::int64_t rest = index % of;
  return index - (rest < 0 ? rest + of : rest);
}

}  // namespace

Tuner::Tuner(const RatePlan& plan, Hertz offset, const Kernels& kernels, std::size_t max_block)
    : kernels_(kernels),
      step_(plan.if_decimation),
      mixes_(offset.value() != 0),
      turns_(-offset.value() / plan.input.hz()),
      max_output_(max_block / step_ + 1) {
  for (const double tap : decimation_taps(plan)) taps_.push_back(static_cast<float>(tap));
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
  scratch_.resize(TunerJob::scratch_floats(step_, taps_.size()));
  out_re_.resize(TunerJob::computed(max_output_));
  out_im_.resize(out_re_.size());
  raw_.resize((TunerJob::kAlignment + TunerJob::samples_read(max_output_, step_, taps_.size())) *
              bytes_per_sample(IqFormat::cf32));
  begin(format_);
}

/// The silence before the first sample. An unsigned format has no zero: its lead-in is half a
/// step off, long gone when the audio begins.
void Tuner::begin(IqFormat format) {
  format_ = format;
  std::fill(raw_.begin(), raw_.end(), format == IqFormat::cu8 ? std::byte{128} : std::byte{0});
  raw_first_ = floor_multiple(first_needed(), TunerJob::kAlignment);
  raw_samples_ = static_cast<std::size_t>(samples_ - raw_first_);
}

ComplexView Tuner::process(IqView iq) {
  if (iq.format != format_) begin(iq.format);
  append(iq);
  const auto outputs = static_cast<std::size_t>(samples_ / static_cast<std::int64_t>(step_) - outputs_);
  if (outputs > 0) tune(outputs);
  return {{out_re_.data(), outputs}, {out_im_.data(), outputs}};
}

void Tuner::append(IqView iq) {
  const std::size_t sample_bytes = bytes_per_sample(format_);
  std::ranges::copy(iq.bytes, raw_.begin() + static_cast<std::ptrdiff_t>(raw_samples_ * sample_bytes));
  raw_samples_ += iq.samples();
  samples_ += static_cast<std::int64_t>(iq.samples());
}

/// The oldest sample of the next output, whose newest is the last of a step.
std::int64_t Tuner::first_needed() const {
  return (outputs_ + 1) * static_cast<std::int64_t>(step_) - static_cast<std::int64_t>(taps_.size());
}

void Tuner::tune(std::size_t outputs) {
  const auto table = static_cast<std::int64_t>(table_size());
  TunerJob job{};
  job.format = format_;
  job.window = raw_.data();
  job.lead = static_cast<std::size_t>(first_needed() - raw_first_);
  job.outputs = outputs;
  job.step = step_;
  job.taps = taps_.data();
  job.tap_count = taps_.size();
  if (mixes_) {
    prepare_anchors(TunerJob::samples_read(outputs, step_, taps_.size()));
    job.table_re = table_re_.data();
    job.table_im = table_im_.data();
    job.table_position = static_cast<std::size_t>(raw_first_ - floor_multiple(raw_first_, table));
    job.anchors_re = anchors_re_.data();
    job.anchors_im = anchors_im_.data();
  }
  job.scratch = scratch_.data();
  job.out_re = out_re_.data();
  job.out_im = out_im_.data();
  kernels_.tune(job);
  outputs_ += static_cast<std::int64_t>(outputs);
  forget();
}

void Tuner::prepare_anchors(std::size_t samples) {
  const auto table = static_cast<std::int64_t>(table_size());
  const std::int64_t first = floor_multiple(raw_first_, table) / table;
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
}

/// Drops what no later output needs, by whole units of the kernel's alignment.
void Tuner::forget() {
  const std::int64_t first = floor_multiple(first_needed(), TunerJob::kAlignment);
  const auto dropped = static_cast<std::size_t>(first - raw_first_);
  const auto sample_bytes = static_cast<std::ptrdiff_t>(bytes_per_sample(format_));
  const auto from = raw_.begin() + static_cast<std::ptrdiff_t>(dropped) * sample_bytes;
  raw_samples_ -= dropped;
  std::copy(from, from + static_cast<std::ptrdiff_t>(raw_samples_) * sample_bytes, raw_.begin());
  raw_first_ = first;
}

double Tuner::delay_samples() const {
  return static_cast<double>(taps_.size() - 1) / 2 - static_cast<double>(step_ - 1);
}

}  // namespace fmrx::dsp
