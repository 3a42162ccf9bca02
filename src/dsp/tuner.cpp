// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/tuner.hpp"

#include <algorithm>
#include <cstring>

#include "dsp/oscillator.hpp"

namespace fmrx::dsp {

Tuner::Tuner(const RatePlan& plan, Hertz offset, const Kernels& kernels, std::size_t max_block,
             std::size_t history)
    : kernels_(kernels),
      input_hz_(plan.input.hz()),
      step_(plan.if_decimation),
      max_output_(max_block / step_ + 1),
      tables_(plan, offset, kernels, max_output_),
      history_(history),
      // The kernel computes whole shares.
      out_re_(history, history + TunerJob::computed(max_output_) + TunerJob::kShare),
      out_im_(out_re_) {
  scratch_.resize(TunerJob::scratch_floats(step_, tables_.taps().size()));
  seam_.resize(
      (TunerJob::kAlignment + TunerJob::samples_read(3 * TunerJob::kShare, step_, tables_.taps().size())) *
      bytes_per_sample(IqFormat::cf32));
  begin(format_);
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
  const std::size_t margin = TunerJob::samples_read(0, step_, tables_.taps().size());
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
  return (outputs_ + 1) * static_cast<std::int64_t>(step_) - static_cast<std::int64_t>(tables_.taps().size());
}

/// The next outputs, from a window whose first sample is seam_first_. Whether a byte of cu8 was 0 or 255.
bool Tuner::tune(const std::byte* window, std::size_t outputs) {
  if (outputs == 0) return false;
  TunerJob job{};
  job.format = format_;
  job.window = window;
  job.lead = static_cast<std::size_t>(first_needed() - seam_first_);
  job.outputs = outputs;
  tables_.complete(job, seam_first_, outputs_);
  job.scratch = scratch_.data();
  job.out_re = room_.re.data() + done_;
  job.out_im = room_.im.data() + done_;
  outputs_ += static_cast<std::int64_t>(outputs);
  done_ += outputs;
  return kernels_.tune(job);
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
  return static_cast<double>(tables_.taps().size() - 1) / 2 - static_cast<double>(step_ - 1);
}

double Tuner::noise_bandwidth_hz() const {
  double power = 0;
  for (const float tap : tables_.taps()) power += static_cast<double>(tap) * static_cast<double>(tap);
  return power * input_hz_;
}

}  // namespace fmrx::dsp
