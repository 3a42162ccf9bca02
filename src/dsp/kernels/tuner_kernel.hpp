// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/vector.hpp"

namespace fmrx::dsp {
namespace {

template <IqFormat format>
constexpr std::size_t kSquareSamples = kLanes * 4 / bytes_per_sample(format);

/// One sample of every lane.
struct LaneSample {
  Floats re, im;
};

/// What is not a number, absurdly large, or so small that its products would be denormal
/// (and slow) is no signal.
inline Floats sane(Floats x) {
  constexpr float kAbsurd = 1e6F;
  constexpr float kNothing = 1e-15F;
  const Floats size = magnitude(x);
  const Ints sane_size = (size > kNothing) & (size < kAbsurd);
  return sane_size ? x : Floats{};
}

/// Sample `n` of a transposed square of raw data.
template <IqFormat format>
inline LaneSample converted(const Square& raw, std::size_t n) {
  if constexpr (format == IqFormat::cu8) {
    const Ints pair = bits(raw[n / 2]) >> static_cast<int>(n % 2 * 16);
    constexpr float kStep = 1.0F / 127.5F;
    return {(to_floats(pair & 0xFF) - 127.5F) * kStep, (to_floats((pair >> 8) & 0xFF) - 127.5F) * kStep};
  } else if constexpr (format == IqFormat::cs16) {
    const Ints both = bits(raw[n]);
    constexpr float kStep = 1.0F / 32767.0F;
    return {to_floats((both << 16) >> 16) * kStep, to_floats(both >> 16) * kStep};
  } else {
    return {sane(raw[2 * n]), sane(raw[2 * n + 1])};
  }
}

/// The oscillator of every lane, from sample to sample.
class LaneOscillator {
 public:
  LaneOscillator(const TunerJob& job, std::size_t turns_between_lanes)
      : job_(job), turns_between_lanes_(turns_between_lanes), position_(job.table_position) {
    anchor();
  }

  void mix(LaneSample& x) {
    const Floats table_re = splat(job_.table_re[position_]);
    const Floats table_im = splat(job_.table_im[position_]);
    const Floats re = multiply_add(table_re, anchor_re_, -(table_im * anchor_im_));
    const Floats im = multiply_add(table_re, anchor_im_, table_im * anchor_re_);
    x = {multiply_add(x.re, re, -(x.im * im)), multiply_add(x.re, im, x.im * re)};
    ++position_;
  }

  /// To be called at least every TunerJob::kAlignment samples.
  void turn() {
    if (position_ < job_.step * TunerJob::kTurnOutputs) return;
    position_ = 0;
    ++turn_;
    anchor();
  }

 private:
  void anchor() {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      anchor_re_[lane] = job_.anchors_re[turn_ + lane * turns_between_lanes_];
      anchor_im_[lane] = job_.anchors_im[turn_ + lane * turns_between_lanes_];
    }
  }

  const TunerJob& job_;
  std::size_t turns_between_lanes_;
  std::size_t position_;
  std::size_t turn_ = 0;
  Floats anchor_re_;
  Floats anchor_im_;
};

template <IqFormat format, bool mixes>
class LaneTuner {
 public:
  LaneTuner(const TunerJob& job, std::size_t outputs_per_lane)
      : job_(job),
        outputs_per_lane_(outputs_per_lane),
        oscillator_(job, outputs_per_lane / TunerJob::kTurnOutputs),
        raw_(job.window),
        lane_bytes_(outputs_per_lane * job.step * bytes_per_sample(format)) {}

  void run() {
    const std::size_t per_pass = TunerJob::kTurnOutputs * job_.step;
    const std::size_t needed = job_.lead + job_.tap_count - job_.step;
    const std::size_t tail =
        (needed + TunerJob::kAlignment - 1) / TunerJob::kAlignment * TunerJob::kAlignment;
    convert(0, tail);
    for (std::size_t first = 0; first < outputs_per_lane_; first += TunerJob::kTurnOutputs) {
      convert(tail, per_pass);
      filter(first);
      std::memmove(job_.scratch, at(per_pass), tail * 2 * kVector_bytes);
    }
  }

 private:
  float* at(std::size_t sample) { return job_.scratch + sample * 2 * kLanes; }

  /// The next `count` samples of each lane, to the window from `to` on.
  void convert(std::size_t to, std::size_t count) {
    constexpr std::size_t kSamples = kSquareSamples<format>;
    for (std::size_t done = 0; done < count; done += kSamples) {
      Square raw;
      const std::byte* from = raw_;
#pragma GCC unroll 4
      for (std::size_t lane = 0; lane < kLanes; lane += 4) {
        std::memcpy(&raw[lane], from, kVector_bytes);
        std::memcpy(&raw[lane + 1], from + lane_bytes_, kVector_bytes);
        std::memcpy(&raw[lane + 2], from + 2 * lane_bytes_, kVector_bytes);
        std::memcpy(&raw[lane + 3], from + 3 * lane_bytes_, kVector_bytes);
        from += 4 * lane_bytes_;
      }
      raw_ += kVector_bytes;
      transpose(raw);
      float* out = at(to + done);
#pragma GCC unroll 32
      for (std::size_t n = 0; n < kSamples; ++n) {
        LaneSample x = converted<format>(raw, n);
        if constexpr (mixes) oscillator_.mix(x);
        store(out + n * 2 * kLanes, x.re);
        store(out + (n * 2 + 1) * kLanes, x.im);
      }
      if constexpr (mixes) oscillator_.turn();
    }
  }

  /// TunerJob::kTurnOutputs outputs of each lane.
  void filter(std::size_t first) {
    for (std::size_t m = 0; m < TunerJob::kTurnOutputs; m += kLanes) {
      Square re;
      Square im;
#pragma GCC unroll 4
      for (std::size_t n = 0; n < kLanes; n += 4)
        four_outputs(at(job_.lead + (m + n) * job_.step), re, im, n);
      transpose(re);
      transpose(im);
      store_lanes(re, job_.out_re + first + m);
      store_lanes(im, job_.out_im + first + m);
    }
  }

  /// Four outputs that follow one another, in every lane. x: the first one's first sample.
  void four_outputs(const float* x, Square& re, Square& im, std::size_t to) const {
    Floats sum_re[4] = {};
    Floats sum_im[4] = {};
    const std::size_t stride = job_.step * 2 * kLanes;
    for (std::size_t k = 0; k < job_.tap_count; ++k, x += 2 * kLanes) {
      const Floats h = splat(job_.taps[k]);
#pragma GCC unroll 4
      for (std::size_t j = 0; j < 4; ++j) {
        sum_re[j] = multiply_add(load(x + j * stride), h, sum_re[j]);
        sum_im[j] = multiply_add(load(x + j * stride + kLanes), h, sum_im[j]);
      }
    }
#pragma GCC unroll 4
    for (std::size_t j = 0; j < 4; ++j) {
      re[to + j] = sum_re[j];
      im[to + j] = sum_im[j];
    }
  }

  void store_lanes(const Square& lanes, float* to) const {
#pragma GCC unroll 4
    for (std::size_t lane = 0; lane < kLanes; lane += 4) {
      store(to, lanes[lane]);
      store(to + outputs_per_lane_, lanes[lane + 1]);
      store(to + 2 * outputs_per_lane_, lanes[lane + 2]);
      store(to + 3 * outputs_per_lane_, lanes[lane + 3]);
      to += 4 * outputs_per_lane_;
    }
  }

  const TunerJob& job_;
  std::size_t outputs_per_lane_;
  LaneOscillator oscillator_;
  const std::byte* raw_;
  std::size_t lane_bytes_;
};

template <IqFormat format>
void tune_format(const TunerJob& job, std::size_t outputs_per_lane) {
  if (job.table_re != nullptr)
    LaneTuner<format, true>(job, outputs_per_lane).run();
  else
    LaneTuner<format, false>(job, outputs_per_lane).run();
}

void tune(const TunerJob& job) {
  const std::size_t share = kLanes * TunerJob::kTurnOutputs;
  const std::size_t outputs_per_lane = (job.outputs + share - 1) / share * TunerJob::kTurnOutputs;
  switch (job.format) {
    case IqFormat::cu8:
      return tune_format<IqFormat::cu8>(job, outputs_per_lane);
    case IqFormat::cs16:
      return tune_format<IqFormat::cs16>(job, outputs_per_lane);
    case IqFormat::cf32:
      return tune_format<IqFormat::cf32>(job, outputs_per_lane);
  }
}

}  // namespace
}  // namespace fmrx::dsp
