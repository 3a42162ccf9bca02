// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/tuner.hpp"

#include <algorithm>
#include <cstring>

#include "dsp/oscillator.hpp"

namespace fmrx::dsp {

Tuner::Tuner(const RatePlan& plan, Hertz offset, const Kernels& kernels, std::size_t max_piece,
             std::size_t history)
    : kernels_(kernels),
      input_hz_(plan.input.hz()),
      step_(plan.if_decimation),
      max_output_(max_piece / step_ + 1),
      tables_(plan, offset, kernels, max_output_),
      out_re_(history, max_output_),
      out_im_(out_re_) {
  // The kernel computes whole shares, which it writes behind the outputs.
  static_assert(TunerJob::kShare <= kReadSlack);
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
  seam_first_ = window_first();
  seam_end_ = samples_;
}

void Tuner::begin_block(IqView block) {
  if (block.format != format_) begin(block.format);
  block_ = block.bytes;
  block_first_ = samples_;
}

/// The kernel takes its samples from the block where it can. Those of windows that begin before the
/// block, or for which it would read beyond, are brought together in the seam.
ComplexRoom Tuner::process(std::size_t samples) {
  const std::int64_t first = samples_;
  samples_ += static_cast<std::int64_t>(samples);
  const auto outputs = static_cast<std::size_t>(samples_ / static_cast<std::int64_t>(step_) - outputs_);
  out_re_.begin_block(outputs);
  out_im_.begin_block(outputs);
  room_ = {out_re_.extend(outputs), out_im_.extend(outputs)};
  done_ = 0;
  at_end_ = false;
  if (window_first() < block_first_) tune_across_border();
  const Stretch in_place = tune_in_block(first);
  if (left() > 0 || samples_ == block_end()) tune_block_end();
  look_for_ends({first, in_place.first});
  look_for_ends({std::max(first, in_place.end), samples_});
  return room_;
}

/// The block's first share, if it has one: no window after it begins before the block.
void Tuner::tune_across_border() {
  const auto step = static_cast<std::int64_t>(step_);
  fill_seam(std::min(block_end(), block_first_ + static_cast<std::int64_t>(TunerJob::kShare) * step));
  tune(seam_.data(), seam_first_, std::min(left(), static_cast<std::size_t>(seam_end_ / step - outputs_)));
}

/// All that is left of the piece, which begins with `first`, or the whole shares for which the block has
/// enough to read. Gives the samples that the kernel has seen.
Tuner::Stretch Tuner::tune_in_block(std::int64_t first) {
  if (left() == 0) return {first, first};
  const std::size_t tap_count = tables_.taps().size();
  const auto readable = static_cast<std::size_t>(block_end() - first_needed());
  std::size_t outputs = left();
  if (TunerJob::samples_read(outputs, step_, tap_count) > readable) {
    const std::size_t margin = TunerJob::samples_read(0, step_, tap_count);
    const std::size_t share = TunerJob::kShare * step_;
    outputs = readable < margin ? 0 : (readable - margin) / share * TunerJob::kShare;
  }
  const std::int64_t from = first_needed();
  if (outputs == 0) return {first, first};
  if (tune(in_block(window_first()), window_first(), outputs)) at_end_ = true;
  return {from, outputs_ * static_cast<std::int64_t>(step_)};
}

/// The rest, and what windows of the next block begin with.
void Tuner::tune_block_end() {
  fill_seam(block_end());
  tune(seam_.data(), seam_first_, left());
  fill_seam(block_end());
}

/// In the seam the kernel sees samples of other pieces, too.
void Tuner::look_for_ends(Stretch samples) {
  if (format_ != IqFormat::cu8 || samples.end <= samples.first) return;
  const auto bytes = static_cast<std::size_t>(samples.end - samples.first) * bytes_per_sample(format_);
  if (kernels_.any_at_end(reinterpret_cast<const std::uint8_t*>(in_block(samples.first)), bytes))
    at_end_ = true;
}

/// From where the next output's window begins to `end`, of what is there already and of the block.
void Tuner::fill_seam(std::int64_t end) {
  const std::size_t sample_bytes = bytes_per_sample(format_);
  const std::int64_t first = window_first();
  const std::int64_t kept = std::max<std::int64_t>(first < block_first_ ? seam_end_ - first : 0, 0);
  if (kept > 0)
    std::memmove(seam_.data(), seam_.data() + static_cast<std::size_t>(first - seam_first_) * sample_bytes,
                 static_cast<std::size_t>(kept) * sample_bytes);
  seam_first_ = first;
  seam_end_ = std::max(end, first + kept);
  std::memcpy(seam_.data() + static_cast<std::size_t>(kept) * sample_bytes, in_block(first + kept),
              static_cast<std::size_t>(seam_end_ - first - kept) * sample_bytes);
}

/// The oldest sample of the next output, whose newest is the last of a step.
std::int64_t Tuner::first_needed() const {
  return (outputs_ + 1) * static_cast<std::int64_t>(step_) - static_cast<std::int64_t>(tables_.taps().size());
}

std::int64_t Tuner::window_first() const {
  return floor_multiple(first_needed(), TunerJob::kAlignment);
}

std::int64_t Tuner::block_end() const {
  return block_first_ + static_cast<std::int64_t>(block_.size() / bytes_per_sample(format_));
}

const std::byte* Tuner::in_block(std::int64_t sample) const {
  return block_.data() + static_cast<std::size_t>(sample - block_first_) * bytes_per_sample(format_);
}

/// The next outputs, from a window that begins with sample `window_first` of the stream. Whether a byte of
/// cu8 was 0 or 255.
bool Tuner::tune(const std::byte* window, std::int64_t window_first, std::size_t outputs) {
  if (outputs == 0) return false;
  TunerJob job{};
  job.format = format_;
  job.window = window;
  job.lead = static_cast<std::size_t>(first_needed() - window_first);
  job.outputs = outputs;
  tables_.complete(job, window_first, outputs_);
  job.scratch = scratch_.data();
  job.out_re = room_.re.data() + done_;
  job.out_im = room_.im.data() + done_;
  outputs_ += static_cast<std::int64_t>(outputs);
  done_ += outputs;
  return kernels_.tune(job);
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
