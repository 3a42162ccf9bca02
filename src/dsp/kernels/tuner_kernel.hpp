// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bit>

#include "dsp/kernels/clip_kernel.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/vector.hpp"
#if defined(__AMX_INT8__)
#include "dsp/kernels/tile_tuner_kernel.hpp"
#endif

// The tuner's outputs are shared among the lanes: lane l computes the l-th stretch of them,
// from its own stretch of raw samples. Squares of raw data are transposed, so that a register
// holds one moment of all lanes; then conversion, mixing and filter run in every lane alike.
// Two arithmetics do that: floats, for any format, and pairs of 16-bit numbers for cu8. A third way for cu8,
// without lanes, stands in tile_tuner_kernel.hpp.
//
// A lane's samples are numbered from the window's first. The filter's window stays in the
// first level of the cache: a pass takes few turns of the oscillator's table.

namespace fmrx::dsp {
namespace {

/// What is not a number, absurdly large, or so small that its products would be denormal
/// (and slow) is no signal.
inline Floats sane(Floats x) {
  constexpr float kAbsurd = 1e6F;
  constexpr float kNothing = 1e-15F;
  const Floats size = magnitude(x);
  const Ints is_sane = (size > kNothing) & (size < kAbsurd);
  return is_sane ? x : Floats{};
}

/// One number of a table for each lane, so many entries apart.
template <class Vector, class Number>
inline Vector gather(const Number* table, std::size_t apart) {
  Number lanes[kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] = table[lane * apart];
  Vector vector;
  std::memcpy(&vector, lanes, sizeof vector);
  return vector;
}

/// Floats, one sample at a time.
template <IqFormat format, bool mixes>
class FloatArithmetic {
 public:
  using Vector = Floats;
  using Number = float;
  /// Samples that one pair of registers, real and imaginary, holds of each lane.
  static constexpr std::size_t kSamples = 1;
  static constexpr bool kLooksForEnds = format == IqFormat::cu8;
  static constexpr std::size_t kPerSquare = kLanes * 4 / bytes_per_sample(format);

  explicit FloatArithmetic(const TunerJob& job)
      : table_re_(job.table_re), table_im_(job.table_im), job_(job) {}

  void anchor(std::size_t turn, std::size_t apart) {
    anchor_re_ = gather<Floats>(job_.anchors_re + turn, apart);
    anchor_im_ = gather<Floats>(job_.anchors_im + turn, apart);
  }

  /// The n-th sample of a transposed square, which the oscillator's table has at `position`.
  void convert(const Square& raw, std::size_t n, std::size_t position, Floats& re, Floats& im) const {
    if constexpr (format == IqFormat::cu8) {
      const Ints pair = bits(raw[n / 2]) >> static_cast<int>(n % 2 * 16);
      constexpr float kStep = 1.0F / 127.5F;
      re = (to_floats(pair & 0xFF) - 127.5F) * kStep;
      im = (to_floats((pair >> 8) & 0xFF) - 127.5F) * kStep;
    } else if constexpr (format == IqFormat::cs16) {
      const Ints both = bits(raw[n]);
      constexpr float kStep = 1.0F / 32767.0F;
      re = to_floats((both << 16) >> 16) * kStep;
      im = to_floats(both >> 16) * kStep;
    } else {
      re = sane(raw[2 * n]);
      im = sane(raw[2 * n + 1]);
    }
    if constexpr (mixes) mix(position, re, im);
  }

  [[nodiscard]] static Floats zero() { return Floats{}; }
  [[nodiscard]] static Floats load(const Number* from) { return dsp::load(from); }
  [[nodiscard]] static Floats add_product(Floats x, Floats tap, Floats sum) {
    return multiply_add(x, tap, sum);
  }
  [[nodiscard]] static Floats result(Floats sum) { return sum; }

  [[nodiscard]] std::size_t tap_count() const { return job_.tap_count; }
  [[nodiscard]] Floats tap(std::size_t k, std::size_t /*parity*/) const { return splat(job_.taps[k]); }

 private:
  void mix(std::size_t position, Floats& re, Floats& im) const {
    const Floats table_re = splat(table_re_[position]);
    const Floats table_im = splat(table_im_[position]);
    const Floats by_re = multiply_add(table_re, anchor_re_, -(table_im * anchor_im_));
    const Floats by_im = multiply_add(table_re, anchor_im_, table_im * anchor_re_);
    const Floats mixed_re = multiply_add(re, by_re, -(im * by_im));
    im = multiply_add(re, by_im, im * by_re);
    re = mixed_re;
  }

  const float* table_re_;
  const float* table_im_;
  Floats anchor_re_{};
  Floats anchor_im_{};
  const TunerJob& job_;
};

#ifdef FMRX_HAS_PAIRS
/// 16-bit numbers, two samples at a time.
template <bool mixes>
class PairArithmetic {
 public:
  using Vector = Pairs;
  using Number = std::int32_t;
  static constexpr std::size_t kSamples = 2;
  static constexpr bool kLooksForEnds = true;
  static constexpr std::size_t kPerSquare = kLanes;

  explicit PairArithmetic(const TunerJob& job) : tables_(job.pairs) {}

  void anchor(std::size_t turn, std::size_t apart) {
    anchor_re_ = gather<Pairs>(tables_.anchors_re + turn, apart);
    anchor_im_ = gather<Pairs>(tables_.anchors_im + turn, apart);
  }

  void convert(const Square& raw, std::size_t n, std::size_t position, Pairs& re, Pairs& im) const {
    // u - 127.5 is u with its highest bit flipped, for -128 to 127, and half a step more.
    const Pairs ends = splat_pair(static_cast<std::int32_t>(0x8080'8080));
    re = low_bytes_up(pairs(raw[n]), ends);
    im = masked(pairs(raw[n]), splat_pair(static_cast<std::int32_t>(0xFF00'FF00)), ends);
    if constexpr (!mixes) {
      constexpr int kPlaces = std::countr_zero(PairTunerTables::kHeadroom);
      re = divided<kPlaces>(re);
      im = divided<kPlaces>(im);
    }
    if constexpr (mixes) mix(position / 2, re, im);
  }

  [[nodiscard]] static Pairs zero() { return splat_pair(0); }
  [[nodiscard]] static Pairs load(const Number* from) { return load_pairs(from); }
  [[nodiscard]] static Pairs add_product(Pairs x, Pairs tap, Pairs sum) {
    return multiply_add_pairs(x, tap, sum);
  }
  [[nodiscard]] Floats result(Pairs sum) const { return whole_to_floats(sum) * splat(tables_.scale); }

  [[nodiscard]] std::size_t tap_count() const { return tables_.tap_count; }
  [[nodiscard]] Pairs tap(std::size_t k, std::size_t parity) const {
    return splat_pair(tables_.taps[parity][k]);
  }

 private:
  void mix(std::size_t position, Pairs& re, Pairs& im) const {
    const Pairs table_re = splat_pair(tables_.table_re[position]);
    const Pairs table_im = splat_pair(tables_.table_im[position]);
    const Pairs by_re =
        difference(scaled_product(table_re, anchor_re_), scaled_product(table_im, anchor_im_));
    const Pairs by_im = sum(scaled_product(table_re, anchor_im_), scaled_product(table_im, anchor_re_));
    const Pairs mixed_re = difference(scaled_product(re, by_re), scaled_product(im, by_im));
    im = sum(scaled_product(re, by_im), scaled_product(im, by_re));
    re = mixed_re;
  }

  PairTunerTables tables_;
  Pairs anchor_re_{};
  Pairs anchor_im_{};
};
#endif

template <class Arithmetic, bool mixes>
class LaneTuner {
 public:
  LaneTuner(const TunerJob& job, std::size_t outputs_per_lane)
      : arithmetic_(job),
        raw_(job.window),
        lane_bytes_(outputs_per_lane * job.step * bytes_per_sample(job.format)),
        outputs_per_lane_(outputs_per_lane),
        lead_(job.lead),
        step_(job.step),
        tap_count_(job.tap_count),
        position_(job.table_position),
        window_(reinterpret_cast<Number*>(job.scratch)),
        out_re_(job.out_re),
        out_im_(job.out_im) {
    if constexpr (mixes) arithmetic_.anchor(0, turns_apart());
  }

  /// Whether a byte was 0 or 255.
  bool run() {
    const std::size_t needed = lead_ + tap_count_ - step_;
    const std::size_t tail =
        (needed + TunerJob::kAlignment - 1) / TunerJob::kAlignment * TunerJob::kAlignment;
    take(0, tail);
    constexpr std::size_t kPass = TunerJob::kTurnsAtOnce * TunerJob::kTurnOutputs;
    for (std::size_t first = 0; first < outputs_per_lane_; first += kPass) {
      const std::size_t outputs = outputs_per_lane_ - first < kPass ? outputs_per_lane_ - first : kPass;
      take(tail, outputs * step_);
      filter(first, outputs);
      std::memmove(window_, at(outputs * step_), tail / kSamples * 2 * kVector_bytes);
    }
    return ends_.any();
  }

 private:
  using Vector = typename Arithmetic::Vector;
  using Number = typename Arithmetic::Number;
  static constexpr std::size_t kSamples = Arithmetic::kSamples;
  /// As many sums as there are registers for.
  static constexpr std::size_t kAtOnce = kLanes == 16 ? 8 : 4;
  static_assert(TunerJob::kTurnOutputs % kLanes == 0);
  static_assert(kAtOnce % kSamples == 0);

  [[nodiscard]] Number* at(std::size_t sample) const { return window_ + sample / kSamples * 2 * kLanes; }
  [[nodiscard]] std::size_t turns_apart() const { return outputs_per_lane_ / TunerJob::kTurnOutputs; }

  /// The next `count` samples of each lane, converted and mixed, to the window from `to` on.
  void take(std::size_t to, std::size_t count) {
    for (std::size_t done = 0; done < count; done += TunerJob::kAlignment) {
      take_aligned(at(to + done));
      position_ += TunerJob::kAlignment;
      if (position_ < TunerJob::kTurnOutputs * step_) continue;
      position_ = 0;
      ++turn_;
      if constexpr (mixes) arithmetic_.anchor(turn_, turns_apart());
    }
  }

  /// kAlignment samples, which never go beyond the oscillator's table.
  void take_aligned(Number* out) {
    constexpr std::size_t kVectors = Arithmetic::kPerSquare;
    const Arithmetic arithmetic = arithmetic_;
    for (std::size_t done = 0; done < TunerJob::kAlignment; done += kVectors * kSamples) {
      Square raw;
      load_lanes(raw);
      if constexpr (Arithmetic::kLooksForEnds)
        for (const Floats row : raw) ends_.see(row);
      transpose(raw);
#pragma GCC unroll 32
      for (std::size_t n = 0; n < kVectors; ++n) {
        Vector re;
        Vector im;
        arithmetic.convert(raw, n, position_ + done + n * kSamples, re, im);
        store(out, re);
        store(out + kLanes, im);
        out += 2 * kLanes;
      }
    }
  }

  void load_lanes(Square& raw) {
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
  }

  /// So many outputs of each lane, whole turns of them.
  void filter(std::size_t first, std::size_t outputs) const {
    for (std::size_t m = 0; m < outputs; m += kLanes) {
      Square re;
      Square im;
#pragma GCC unroll 4
      for (std::size_t n = 0; n < kLanes; n += kAtOnce) filter_few(lead_ + (m + n) * step_, &re[n], &im[n]);
      transpose(re);
      transpose(im);
      store_lanes(re, out_re_ + first + m);
      store_lanes(im, out_im_ + first + m);
    }
  }

  /// kAtOnce outputs that follow one another; `first` is the first sample of the first. Inlined, GCC
  /// would keep the results of earlier calls in the registers that the sums need.
  [[gnu::noinline]] void filter_few(std::size_t first, Floats* re, Floats* im) const {
    const Arithmetic arithmetic = arithmetic_;
    Vector sum_re[kAtOnce];
    Vector sum_im[kAtOnce];
    const Number* x[kAtOnce];
#pragma GCC unroll 8
    for (std::size_t j = 0; j < kAtOnce; ++j) {
      sum_re[j] = arithmetic.zero();
      sum_im[j] = arithmetic.zero();
      x[j] = at(first + j * step_);
    }
    const std::size_t tap_count = arithmetic.tap_count();
#pragma GCC unroll 4
    for (std::size_t k = 0; k < tap_count; ++k) {
      Vector tap[kSamples];
#pragma GCC unroll 2
      for (std::size_t j = 0; j < kSamples; ++j) tap[j] = arithmetic.tap(k, (first + j * step_) % kSamples);
#pragma GCC unroll 8
      for (std::size_t j = 0; j < kAtOnce; ++j) {
        const Number* const here = x[j] + k * 2 * kLanes;
        sum_re[j] = arithmetic.add_product(arithmetic.load(here), tap[j % kSamples], sum_re[j]);
        sum_im[j] = arithmetic.add_product(arithmetic.load(here + kLanes), tap[j % kSamples], sum_im[j]);
      }
    }
#pragma GCC unroll 8
    for (std::size_t j = 0; j < kAtOnce; ++j) {
      re[j] = arithmetic.result(sum_re[j]);
      im[j] = arithmetic.result(sum_im[j]);
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

  Arithmetic arithmetic_;
  const std::byte* raw_;  ///< the first lane's next samples
  std::size_t lane_bytes_;
  std::size_t outputs_per_lane_;
  std::size_t lead_;
  std::size_t step_;
  std::size_t tap_count_;
  std::size_t position_;  ///< in the oscillator's table
  std::size_t turn_ = 0;  ///< of it
  EndWatch ends_;
  Number* window_;
  float* out_re_;
  float* out_im_;
};

template <class Mixing, class Plain>
bool run_tuner(const TunerJob& job) {
  constexpr std::size_t kShare = kLanes * TunerJob::kTurnOutputs;
  const std::size_t outputs_per_lane = (job.outputs + kShare - 1) / kShare * TunerJob::kTurnOutputs;
  if (job.table_re != nullptr) return LaneTuner<Mixing, true>(job, outputs_per_lane).run();
  return LaneTuner<Plain, false>(job, outputs_per_lane).run();
}

template <IqFormat format>
bool run_float_tuner(const TunerJob& job) {
  return run_tuner<FloatArithmetic<format, true>, FloatArithmetic<format, false>>(job);
}

bool tune(const TunerJob& job) {
  switch (job.format) {
    case IqFormat::cu8:
#if defined(__AMX_INT8__)
      return TileTuner(job).run();
#elif defined(FMRX_HAS_PAIRS)
      return run_tuner<PairArithmetic<true>, PairArithmetic<false>>(job);
#else
      return run_float_tuner<IqFormat::cu8>(job);
#endif
    case IqFormat::cs16:
      return run_float_tuner<IqFormat::cs16>(job);
    case IqFormat::cf32:
      return run_float_tuner<IqFormat::cf32>(job);
  }
  return false;
}

}  // namespace
}  // namespace fmrx::dsp
