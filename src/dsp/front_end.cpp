// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/front_end.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace fmrx::dsp {
namespace {

/// Farther from 0 Hz than this a spike there is stopped by the channel filter.
constexpr double kSpikeIsStopped_Hz = 250'000;

/// The mean is learnt over groups of samples, and over a second of them at most:
/// a notch of less than 1 Hz.
constexpr std::uint64_t kMeanGroup = 4096;

/// Above this a sample of a float file is not a signal.
constexpr float kAbsurd = 1e6F;

float sanitised(float x) {
  return std::fabs(x) < kAbsurd ? x : 0.0F;
}

}  // namespace

FrontEnd::FrontEnd(const RatePlan& plan, Hertz offset, std::size_t max_block)
    : i_(max_block),
      q_(max_block),
      removes_mean_(offset.value() != 0 && std::fabs(offset.value()) < kSpikeIsStopped_Hz),
      longest_mean_groups_(std::max<std::uint64_t>(1, plan.input.value() / kMeanGroup)),
      turns_(-offset.value() / plan.input.hz()),
      mixes_(offset.value() != 0),
      cos_(kRestart),
      sin_(kRestart),
      clip_window_(plan.input.value() / 10) {
  for (std::size_t k = 0; k < kRestart; ++k) {
    const std::complex<double> phasor = turns_.phasor(static_cast<std::int64_t>(k));
    cos_[k] = static_cast<float>(phasor.real());
    sin_[k] = static_cast<float>(phasor.imag());
  }
}

ComplexView FrontEnd::process(IqView iq) {
  const std::size_t count = iq.samples();
  convert(iq);
  count_clips(count);
  if (removes_mean_) remove_mean(count);
  if (mixes_) mix(count);
  samples_ += count;
  return {{i_.data(), count}, {q_.data(), count}};
}

void FrontEnd::convert(IqView iq) {
  const std::size_t count = iq.samples();
  float* const i = i_.data();
  float* const q = q_.data();
  switch (iq.format) {
    case IqFormat::cu8: {
      const auto* raw = reinterpret_cast<const std::uint8_t*>(iq.bytes.data());
      for (std::size_t n = 0; n < count; ++n) {
        i[n] = (static_cast<float>(raw[2 * n]) - 127.5F) * (1.0F / 127.5F);
        q[n] = (static_cast<float>(raw[2 * n + 1]) - 127.5F) * (1.0F / 127.5F);
      }
      break;
    }
    case IqFormat::cs16: {
      for (std::size_t n = 0; n < count; ++n) {
        std::int16_t raw[2];
        std::memcpy(raw, iq.bytes.data() + n * sizeof raw, sizeof raw);
        i[n] = static_cast<float>(raw[0]) * (1.0F / 32767.0F);
        q[n] = static_cast<float>(raw[1]) * (1.0F / 32767.0F);
      }
      break;
    }
    case IqFormat::cf32: {
      for (std::size_t n = 0; n < count; ++n) {
        float raw[2];
        std::memcpy(raw, iq.bytes.data() + n * sizeof raw, sizeof raw);
        i[n] = sanitised(raw[0]);
        q[n] = sanitised(raw[1]);
      }
      break;
    }
  }
}

/// An integer format can only show that a sample has reached its ends.
void FrontEnd::count_clips(std::size_t count) {
  constexpr float kFullScale = 0.99999F;
  std::uint32_t clipped = 0;
  for (std::size_t n = 0; n < count; ++n)
    clipped += static_cast<std::uint32_t>(std::fabs(i_[n]) >= kFullScale) |
               static_cast<std::uint32_t>(std::fabs(q_[n]) >= kFullScale);
  clipped_ += clipped;
  in_clip_window_ += count;
  if (in_clip_window_ < clip_window_) return;
  clip_rate_ = static_cast<double>(clipped_) / static_cast<double>(in_clip_window_);
  clipped_ = 0;
  in_clip_window_ = 0;
}

void FrontEnd::remove_mean(std::size_t count) {
  std::size_t done = 0;
  while (done < count) {
    const std::uint64_t in_group = (samples_ + done) % kMeanGroup;
    const std::size_t end = done + std::min<std::size_t>(count - done, kMeanGroup - in_group);
    const auto mean_i = static_cast<float>(mean_.i);
    const auto mean_q = static_cast<float>(mean_.q);
    for (std::size_t n = done; n < end; ++n) {
      sum_.i += static_cast<double>(i_[n]);
      sum_.q += static_cast<double>(q_[n]);
      i_[n] -= mean_i;
      q_[n] -= mean_q;
    }
    done = end;
    if ((samples_ + done) % kMeanGroup == 0) {
      mean_groups_ = std::min(mean_groups_ + 1, longest_mean_groups_);
      const double gain = 1.0 / static_cast<double>(mean_groups_);
      mean_.i += gain * (sum_.i / kMeanGroup - mean_.i);
      mean_.q += gain * (sum_.q / kMeanGroup - mean_.q);
      sum_ = {};
    }
  }
}

/// Multiplies by exp(-j 2 pi offset t). The oscillator is a short table turned to
/// an exact phase at every kRestart-th sample of the stream.
void FrontEnd::mix(std::size_t count) {
  std::size_t done = 0;
  while (done < count) {
    const std::uint64_t position = samples_ + done;
    const std::size_t in_table = position % kRestart;
    const std::size_t run = std::min(count - done, kRestart - in_table);
    const std::complex<double> anchor = turns_.phasor(static_cast<std::int64_t>(position - in_table));
    const auto anchor_re = static_cast<float>(anchor.real());
    const auto anchor_im = static_cast<float>(anchor.imag());
    const float* const c = cos_.data() + in_table;
    const float* const s = sin_.data() + in_table;
    float* const i = i_.data() + done;
    float* const q = q_.data() + done;
    for (std::size_t n = 0; n < run; ++n) {
      const float re = c[n] * anchor_re - s[n] * anchor_im;
      const float im = c[n] * anchor_im + s[n] * anchor_re;
      const float x = i[n];
      const float y = q[n];
      i[n] = x * re - y * im;
      q[n] = x * im + y * re;
    }
    done += run;
  }
}

}  // namespace fmrx::dsp
