// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/vector.hpp"

namespace fmrx::dsp {
namespace {

/// A run of outputs is shared among the lanes: lane l computes its l-th part. So every load
/// is aligned, taps are the same in all lanes, and nothing is summed across a register.
/// `known_step` is the job's step, if it is so small that outputs share samples; or 0.
template <std::size_t sets, std::size_t known_step>
class LaneFilter {
 public:
  explicit LaneFilter(const FilterJob& job)
      : job_(job),
        per_lane_((job.outputs + kLanes - 1) / kLanes),
        samples_((per_lane_ - 1) * job.step + job.tap_count),
        results_(job.scratch + (samples_ + kLanes) * kLanes) {}

  void run() {
    take_lanes();
    if (per_lane_ < kAtOnce) {
      for (std::size_t m = 0; m < per_lane_; ++m) outputs<1>(m);
    } else {
      std::size_t next = 0;
      for (; next + kAtOnce <= per_lane_; next += kAtOnce) outputs<kAtOnce>(next);
      // The last few overlap those before where the outputs are no whole multiple.
      if (next + kAtOnce / 2 < per_lane_)
        outputs<kAtOnce>(per_lane_ - kAtOnce);
      else if (next < per_lane_)
        outputs<kAtOnce / 2>(per_lane_ - kAtOnce / 2);
    }
    for (std::size_t set = 0; set < sets; ++set)
      give_lanes(results_ + set * per_lane_ * kLanes, job_.out[set]);
  }

 private:
  static constexpr std::size_t kAtOnce = sets == 1 ? 8 : 4;
  /// Taps for which a sample, once loaded, serves all outputs that need it.
  static constexpr std::size_t kTapsAtOnce = known_step == 0 || sets > 2 ? 1 : 4;

  /// From one stretch of memory for each lane to one register for each sample. A lane's stretch goes on
  /// where the next lane's begins: what it needs of that has been taken, in the lane beside.
  void take_lanes() {
    const std::size_t apart = per_lane_ * job_.step;
    const std::size_t squares = (apart + kLanes - 1) / kLanes * kLanes;
    const std::size_t own = squares < samples_ ? squares : samples_;
    take_squares(own, apart);
    for (std::size_t n = own; n < samples_; ++n) {
      const Floats beside = load(job_.scratch + (n - apart) * kLanes);
      store(job_.scratch + n * kLanes, next_lanes(beside, job_.x[(kLanes - 1) * apart + n]));
    }
  }

  void take_squares(std::size_t samples, std::size_t apart) {
    float* to = job_.scratch;
    for (std::size_t n = 0; n < samples; n += kLanes, to += kLanes * kLanes) {
      Square square;
      const float* const from = job_.x + n;
#pragma GCC unroll 4
      for (std::size_t k = 0; k < kLanes; k += kPiece) {
#pragma GCC unroll 4
        for (std::size_t row = 0; row < kPiece; ++row)
          square[k + row] = load_pieces(from + k + row * apart, kPiece * apart);
        transpose_four(square, k);
      }
#pragma GCC unroll 16
      for (std::size_t k = 0; k < kLanes; ++k) store(to + k * kLanes, square[k]);
    }
  }

  template <std::size_t count>
  void outputs(std::size_t first) {
    Floats sum[count][sets] = {};
    const float* const x = job_.scratch + first * step() * kLanes;
    std::size_t k = 0;
    if constexpr (kTapsAtOnce > 1)
      for (; k + kTapsAtOnce <= job_.tap_count; k += kTapsAtOnce) add<count, kTapsAtOnce>(x, k, sum);
    for (; k < job_.tap_count; ++k) add<count, 1>(x, k, sum);
#pragma GCC unroll 3
    for (std::size_t set = 0; set < sets; ++set)
#pragma GCC unroll 8
      for (std::size_t j = 0; j < count; ++j)
        store(results_ + (set * per_lane_ + first + j) * kLanes, sum[j][set]);
  }

  /// The products with taps k .. k + taps - 1.
  template <std::size_t count, std::size_t taps>
  [[gnu::always_inline]] void add(const float* x, std::size_t k, Floats (&sum)[count][sets]) const {
    Floats tap[taps][sets];
#pragma GCC unroll 4
    for (std::size_t t = 0; t < taps; ++t)
#pragma GCC unroll 3
      for (std::size_t set = 0; set < sets; ++set) tap[t][set] = splat(job_.taps[set][k + t]);
    if constexpr (taps == 1) {
#pragma GCC unroll 8
      for (std::size_t j = 0; j < count; ++j)
        add_product(load(x + (j * step() + k) * kLanes), tap[0], sum[j]);
    } else {
#pragma GCC unroll 32
      for (std::size_t n = 0; n < (count - 1) * known_step + taps; ++n) {
        const Floats sample = load(x + (k + n) * kLanes);
#pragma GCC unroll 8
        for (std::size_t j = 0; j < count; ++j)
          if (n >= j * known_step && n - j * known_step < taps)
            add_product(sample, tap[n - j * known_step], sum[j]);
      }
    }
  }

  [[gnu::always_inline]] static void add_product(Floats sample, const Floats (&tap)[sets],
                                                 Floats (&sum)[sets]) {
#pragma GCC unroll 3
    for (std::size_t set = 0; set < sets; ++set) sum[set] = multiply_add(sample, tap[set], sum[set]);
  }

  [[nodiscard]] std::size_t step() const {
    return known_step == 0 ? job_.step : known_step;
  }

  /// Back again. The last square overlaps the one before where the outputs are no whole squares.
  void give_lanes(const float* from, float* to) const {
    if (per_lane_ < kLanes) {
      for (std::size_t m = 0; m < per_lane_; ++m)
        for (std::size_t lane = 0; lane < kLanes; ++lane) to[lane * per_lane_ + m] = from[m * kLanes + lane];
      return;
    }
    for (std::size_t next = 0; next < per_lane_; next += kLanes) {
      const std::size_t m = next + kLanes <= per_lane_ ? next : per_lane_ - kLanes;
      Square square;
#pragma GCC unroll 16
      for (std::size_t k = 0; k < kLanes; ++k) square[k] = load(from + (m + k) * kLanes);
      transpose(square);
      float* out = to + m;
#pragma GCC unroll 16
      for (std::size_t lane = 0; lane < kLanes; ++lane, out += per_lane_) store(out, square[lane]);
    }
  }

  const FilterJob& job_;
  std::size_t per_lane_;
  std::size_t samples_;  ///< of each lane
  float* results_;
};

/// Outputs that lie far apart share few samples: each is a dot product of its own, and those of a
/// square of registers are summed together. So no sample is moved before it is multiplied.
class DotFilter {
 public:
  explicit DotFilter(const FilterJob& job) : job_(job) {}

  [[nodiscard]] static bool suits(const FilterJob& job) {
    return job.step >= kMostLanes && job.tap_count >= kLanes;
  }

  void run() const {
    for (std::size_t set = 0; set < job_.sets; ++set) run(job_.taps[set], job_.out[set]);
  }

 private:
  void run(const float* taps, float* out) const {
    // The last register overlaps the one before where the taps are no whole registers.
    const std::size_t whole = job_.tap_count / kLanes * kLanes;
    const std::size_t rest = job_.tap_count - kLanes;
    float last_taps[kLanes] = {};
    for (std::size_t k = whole; k < job_.tap_count; ++k) last_taps[k - rest] = taps[k];
    const Floats last = load(last_taps);
    for (std::size_t m = 0; m < job_.outputs; m += kLanes) {
      const float* const x = job_.x + m * job_.step;
      Square sums{};
      for (std::size_t tap = 0; tap < whole; tap += kLanes) add(x + tap, load(taps + tap), sums);
      add(x + rest, last, sums);
      store(out + m, sums_of_rows(sums));
    }
  }

  [[gnu::always_inline]] void add(const float* x, Floats taps, Square& sums) const {
#pragma GCC unroll 16
    for (std::size_t k = 0; k < kLanes; ++k) sums[k] = multiply_add(load(x + k * job_.step), taps, sums[k]);
  }

  const FilterJob& job_;
};

/// Two samples for each output, of one signal and with few taps: even samples and odd ones are set apart, and
/// a register has neighbouring outputs.
class HalvingFilter {
 public:
  explicit HalvingFilter(const FilterJob& job)
      : job_(job),
        halves_((job.outputs + job.tap_count / 2) / kLanes * kLanes + kLanes),
        even_(job.scratch),
        odd_(job.scratch + halves_) {}

  [[nodiscard]] static bool suits(const FilterJob& job) {
    return job.step == 2 && job.sets == 1 && job.tap_count <= kMostTaps;
  }

  void run() {
    for (std::size_t n = 0; n < halves_; n += kLanes) {
      const Floats first = load_pieces(job_.x + 2 * n, 2 * kPiece);
      const Floats second = load_pieces(job_.x + 2 * n + kPiece, 2 * kPiece);
      store(even_ + n, even_elements(first, second));
      store(odd_ + n, odd_elements(first, second));
    }
    std::size_t m = 0;
    for (; m + kAtOnce * kLanes <= job_.outputs; m += kAtOnce * kLanes) outputs<kAtOnce>(m);
    for (; m < job_.outputs; m += kLanes) outputs<1>(m);
  }

 private:
  static constexpr std::size_t kMostTaps = 32;
  static constexpr std::size_t kAtOnce = 4;

  template <std::size_t count>
  void outputs(std::size_t first) {
    Floats sum[count] = {};
    for (std::size_t k = 0; k < job_.tap_count; ++k) {
      const Floats tap = splat(job_.taps[0][k]);
      const float* const from = (k % 2 == 0 ? even_ : odd_) + first + k / 2;
#pragma GCC unroll 4
      for (std::size_t n = 0; n < count; ++n) sum[n] = multiply_add(load(from + n * kLanes), tap, sum[n]);
    }
#pragma GCC unroll 4
    for (std::size_t n = 0; n < count; ++n) store(job_.out[0] + first + n * kLanes, sum[n]);
  }

  const FilterJob& job_;
  std::size_t halves_;  ///< of the samples
  float* even_;
  float* odd_;
};

/// In runs of so many outputs that what a run moves to and fro stays in the nearest cache.
template <std::size_t sets, std::size_t known_step>
void filter_lanes(const FilterJob& job) {
  constexpr std::size_t kRegisters = (std::size_t{16} << 10) / kVector_bytes;
  const std::size_t others = job.tap_count < kRegisters / 2 ? job.tap_count : kRegisters / 2;
  const std::size_t most = (kRegisters - others) / (job.step + sets) * kLanes;
  FilterJob run = job;
  for (std::size_t left = job.outputs; left > 0; left -= run.outputs) {
    run.outputs = left < most ? left : most;
    LaneFilter<sets, known_step>(run).run();
    run.x += run.outputs * run.step;
    for (std::size_t set = 0; set < sets; ++set) run.out[set] += run.outputs;
  }
}

template <std::size_t known_step>
void filter_sets(const FilterJob& job) {
  switch (job.sets) {
    case 1:
      return filter_lanes<1, known_step>(job);
    case 2:
      return filter_lanes<2, known_step>(job);
    default:
      return filter_lanes<3, known_step>(job);
  }
}

void filter(const FilterJob& job) {
  if (job.outputs == 0) return;
  if (DotFilter::suits(job)) return DotFilter(job).run();
  if (HalvingFilter::suits(job)) return HalvingFilter(job).run();
  return job.step == 1 ? filter_sets<1>(job) : filter_sets<0>(job);
}

/// Dot products as in DotFilter, of four outputs at a time: as many as the registers hold.
inline void dot_products(const ComplexFilterJob& job, std::size_t first, Floats& shares_re,
                         Floats& shares_im) {
  Floats re[kPiece] = {};
  Floats im[kPiece] = {};
  const float* const x_re = job.re + first * job.step;
  const float* const x_im = job.im + first * job.step;
  for (std::size_t tap = 0; tap < job.tap_count; tap += kLanes) {
    const Floats tap_re = load(job.taps_re + tap);
    const Floats tap_im = load(job.taps_im + tap);
#pragma GCC unroll 4
    for (std::size_t k = 0; k < kPiece; ++k) {
      const Floats sample_re = load_once(x_re + k * job.step + tap);
      const Floats sample_im = load_once(x_im + k * job.step + tap);
      re[k] = multiply_add(sample_re, tap_re, re[k]);
      im[k] = multiply_add(sample_re, tap_im, im[k]);
      re[k] = multiply_add(-sample_im, tap_im, re[k]);
      im[k] = multiply_add(sample_im, tap_re, im[k]);
    }
  }
  shares_re = shares_of_sums(re[0], re[1], re[2], re[3]);
  shares_im = shares_of_sums(im[0], im[1], im[2], im[3]);
}

void filter_complex(const ComplexFilterJob& job) {
  for (std::size_t m = 0; m < job.outputs; m += kLanes) {
    Shares re;
    Shares im;
#pragma GCC unroll 4
    for (std::size_t k = 0; k < re.size(); ++k) dot_products(job, m + k * kPiece, re[k], im[k]);
    store(job.out_re + m, sums_of_shares(re));
    store(job.out_im + m, sums_of_shares(im));
  }
}

void dot_pair(const float* a, const float* b, const float* x, std::size_t count, float* sums) {
  Floats sum_a[2] = {};
  Floats sum_b[2] = {};
  std::size_t k = 0;
  for (; k + 2 * kLanes <= count; k += 2 * kLanes)
#pragma GCC unroll 2
    for (std::size_t n = 0; n < 2; ++n) {
      const Floats sample = load(x + k + n * kLanes);
      sum_a[n] = multiply_add(load(a + k + n * kLanes), sample, sum_a[n]);
      sum_b[n] = multiply_add(load(b + k + n * kLanes), sample, sum_b[n]);
    }
  sums[0] = sum_of_lanes(sum_a[0] + sum_a[1]);
  sums[1] = sum_of_lanes(sum_b[0] + sum_b[1]);
  for (; k < count; ++k) {
    sums[0] += a[k] * x[k];
    sums[1] += b[k] * x[k];
  }
}

void dot_pairs(const float* a, const float* b, const float* x, const float* y, std::size_t count,
               float* sums) {
  Floats ax = {};
  Floats bx = {};
  Floats ay = {};
  Floats by = {};
  std::size_t k = 0;
  for (; k + kLanes <= count; k += kLanes) {
    const Floats at_a = load(a + k);
    const Floats at_b = load(b + k);
    const Floats at_x = load_once(x + k);
    const Floats at_y = load_once(y + k);
    ax = multiply_add(at_a, at_x, ax);
    bx = multiply_add(at_b, at_x, bx);
    ay = multiply_add(at_a, at_y, ay);
    by = multiply_add(at_b, at_y, by);
  }
  sums_of_four(ax, bx, ay, by, sums);
  for (; k < count; ++k) {
    sums[0] += a[k] * x[k];
    sums[1] += b[k] * x[k];
    sums[2] += a[k] * y[k];
    sums[3] += b[k] * y[k];
  }
}

float dot(const float* a, const float* b, std::size_t count) {
  constexpr std::size_t kSums = 4;
  Floats sum[kSums] = {};
  std::size_t k = 0;
  for (; k + kSums * kLanes <= count; k += kSums * kLanes)
#pragma GCC unroll 4
    for (std::size_t n = 0; n < kSums; ++n)
      sum[n] = multiply_add(load(a + k + n * kLanes), load(b + k + n * kLanes), sum[n]);
  for (; k + kLanes <= count; k += kLanes) sum[0] = multiply_add(load(a + k), load(b + k), sum[0]);
  sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  float total = sum_of_lanes(sum[0]);
  for (; k < count; ++k) total += a[k] * b[k];
  return total;
}

}  // namespace
}  // namespace fmrx::dsp
