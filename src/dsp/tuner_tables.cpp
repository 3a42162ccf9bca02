// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/tuner_tables.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/tuner_design.hpp"

namespace fmrx::dsp {
namespace {

constexpr std::int64_t kExactAnchors = 64;

AlignedVector<float> float_taps(const RatePlan& plan) {
  AlignedVector<float> taps;
  for (const double tap : tuner_taps(plan)) taps.push_back(static_cast<float>(tap));
  return taps;
}

double largest_of(std::span<const float> taps) {
  double largest = 0;
  for (const float tap : taps) largest = std::max(largest, std::fabs(static_cast<double>(tap)));
  return largest;
}

double sum_of_sizes(std::span<const float> taps) {
  double sum = 0;
  for (const float tap : taps) sum += std::fabs(static_cast<double>(tap));
  return sum;
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

/// The largest number of 16 bits whose high byte, rounded, is one of 8 bits with a sign.
constexpr double kMostInTwoBytes = 127 * 256 + 127;

/// For tiles: a tap that is turned to the station's frequency, and the numbers that it multiplies the
/// parts of a sample by for the real and the imaginary part of the sum.
struct TurnedTap {
  std::int32_t re;
  std::int32_t im;

  /// `part` 0: the sample's real part.
  [[nodiscard]] std::int32_t towards_re(std::size_t part) const { return part == 0 ? re : -im; }
  [[nodiscard]] std::int32_t towards_im(std::size_t part) const { return part == 0 ? im : re; }
};

std::int32_t high_byte(std::int32_t x) {
  return (x + 128) >> 8;
}

std::int32_t low_byte(std::int32_t x) {
  return x - high_byte(x) * 256;
}

}  // namespace

AnchorRow::AnchorRow(TurnCounter turns, std::int64_t origin, std::size_t apart)
    : turns_(turns), origin_(origin), apart_(static_cast<std::int64_t>(apart)) {
  for (std::int64_t k = 0; k < kExactAnchors; ++k) steps_.push_back(turns_.phasor(k * apart_));
}

void AnchorRow::write(std::int64_t first, std::span<float> re, std::span<float> im) const {
  std::int64_t exact_anchor = floor_multiple(first, kExactAnchors);
  std::complex<double> exact = turns_.phasor(origin_ + exact_anchor * apart_);
  for (std::size_t n = 0; n < re.size(); ++n) {
    const std::int64_t anchor = first + static_cast<std::int64_t>(n);
    if (anchor - exact_anchor == kExactAnchors) {
      exact_anchor = anchor;
      exact = turns_.phasor(origin_ + anchor * apart_);
    }
    const std::complex<double> phasor = exact * steps_[static_cast<std::size_t>(anchor - exact_anchor)];
    re[n] = static_cast<float>(phasor.real());
    im[n] = static_cast<float>(phasor.imag());
  }
}

TunerTables::TunerTables(const RatePlan& plan, Hertz offset, const Kernels& kernels, std::size_t max_output)
    : cu8_arithmetic_(kernels.cu8_arithmetic),
      step_(plan.if_decimation),
      taps_(float_taps(plan)),
      mixes_(offset.value() != 0),
      turns_(-offset.value() / plan.input.hz()),
      sample_anchors_(turns_, 0, table_size()),
      // By the first sample of each output's window.
      output_anchors_(turns_, static_cast<std::int64_t>(step_) - static_cast<std::int64_t>(taps_.size()),
                      step_ * TileTunerTables::kTurnOutputs) {
  for (std::size_t n = 0; n < table_size(); ++n) {
    const std::complex<double> phasor = turns_.phasor(static_cast<std::int64_t>(n));
    table_re_.push_back(static_cast<float>(phasor.real()));
    table_im_.push_back(static_cast<float>(phasor.imag()));
  }
  anchors_re_.resize(TunerJob::samples_read(max_output, step_, taps_.size()) / table_size() + 2);
  anchors_im_.resize(anchors_re_.size());
  if (cu8_arithmetic_ == Cu8Arithmetic::pairs) prepare_pairs();
  if (cu8_arithmetic_ == Cu8Arithmetic::tiles) prepare_tiles();
}

/// Tables of 16-bit numbers. The taps are as large as the sums' 32 bits allow for any signal.
void TunerTables::prepare_pairs() {
  constexpr double kMost = 0x7FFF'0000 / (std::numbers::sqrt2 * PairTunerTables::kLargestSample);
  const double tap_scale = std::min(kMost / sum_of_sizes(taps_), kOne / largest_of(taps_));
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
  pairs_.anchors_re.resize(anchors_re_.size());
  pairs_.anchors_im.resize(anchors_re_.size());
  const double mixer_gain = mixes_ ? PairTunerTables::kHeadroom * kTableOne / 32768 * kOne / 32768 : 1;
  pairs_.scale = static_cast<float>(1 / (tap_scale * mixer_gain * PairTunerTables::kLargestSample));
}

/// A column of a group's matrix of taps makes one sum from a row of raw bytes: the group's outputs in turn,
/// then high and low bytes, then real and imaginary parts. Four bytes of a column, which meet four of the
/// row, lie side by side.
void TunerTables::prepare_tiles() {
  using Tables = TileTunerTables;
  constexpr double kMost = 0x7FFF'0000 / (std::numbers::sqrt2 * 255);
  // A power of two, so that a tap of 1 is no other number.
  const double tap_scale = std::exp2(
      std::floor(std::log2(std::min(kMost / sum_of_sizes(taps_), kMostInTwoBytes / largest_of(taps_)))));
  std::vector<TurnedTap> turned;
  for (std::size_t k = 0; k < taps_.size(); ++k) {
    const std::complex<double> tap =
        static_cast<double>(taps_[k]) * tap_scale * turns_.phasor(static_cast<std::int64_t>(k));
    turned.push_back({whole(tap.real()), whole(tap.imag())});
  }
  const std::size_t group_bytes = Tables::tiles(step_, taps_.size()) * Tables::kTile_bytes;
  tiles_.taps.resize(Tables::kGroups * group_bytes);
  for (std::size_t group = 0; group < Tables::kGroups; ++group) {
    std::int8_t* const matrix = tiles_.taps.data() + group * group_bytes;
    const std::size_t begin = Tables::group_byte(group, step_) % Tables::kRow_bytes;
    for (std::size_t output = 0; output < Tables::kGroupOutputs; ++output)
      for (std::size_t k = 0; k < turned.size(); ++k)
        for (const std::size_t part : {0U, 1U}) {
          const std::size_t byte = begin + 2 * (output * step_ + k) + part;
          const auto put = [&](std::size_t sum, std::int32_t number) {
            const std::size_t column = sum * Tables::kGroupOutputs + output;
            matrix[byte / 4 * Tables::kRow_bytes + column * 4 + byte % 4] = static_cast<std::int8_t>(number);
          };
          put(0, high_byte(turned[k].towards_re(part)));
          put(1, high_byte(turned[k].towards_im(part)));
          put(2, low_byte(turned[k].towards_re(part)));
          put(3, low_byte(turned[k].towards_im(part)));
        }
  }
  double sum_re = 0;
  double sum_im = 0;
  for (const TurnedTap& tap : turned)
    for (const std::size_t part : {0U, 1U}) {
      sum_re += tap.towards_re(part);
      sum_im += tap.towards_im(part);
    }
  tiles_.bias_re = whole(127.5 * sum_re);
  tiles_.bias_im = whole(127.5 * sum_im);
  const double scale = 1 / (127.5 * tap_scale);
  for (std::size_t n = 0; n < TileTunerTables::kTurnOutputs + kMostLanes; ++n) {
    const std::complex<double> phasor =
        scale * turns_.phasor(static_cast<std::int64_t>(n % TileTunerTables::kTurnOutputs * step_));
    tiles_.table_re.push_back(static_cast<float>(phasor.real()));
    tiles_.table_im.push_back(static_cast<float>(phasor.imag()));
  }
}

void TunerTables::complete(TunerJob& job, std::int64_t first_sample, std::int64_t first_output) {
  job.step = step_;
  job.taps = taps_.data();
  job.tap_count = taps_.size();
  if (job.format == IqFormat::cu8 && cu8_arithmetic_ == Cu8Arithmetic::tiles)
    complete_tiles(job, first_output);
  else
    complete_lanes(job, first_sample);
}

void TunerTables::complete_lanes(TunerJob& job, std::int64_t first_sample) {
  const bool uses_pairs = job.format == IqFormat::cu8 && cu8_arithmetic_ == Cu8Arithmetic::pairs;
  if (mixes_) {
    const auto table = static_cast<std::int64_t>(table_size());
    const std::int64_t turn_start = floor_multiple(first_sample, table);
    const std::size_t anchors = std::min(
        TunerJob::samples_read(job.outputs, step_, taps_.size()) / table_size() + 2, anchors_re_.size());
    sample_anchors_.write(turn_start / table, std::span(anchors_re_).first(anchors),
                          std::span(anchors_im_).first(anchors));
    if (uses_pairs) write_pair_anchors(anchors);
    job.table_re = table_re_.data();
    job.table_im = table_im_.data();
    job.table_position = static_cast<std::size_t>(first_sample - turn_start);
    job.anchors_re = anchors_re_.data();
    job.anchors_im = anchors_im_.data();
  }
  if (!uses_pairs) return;
  job.pairs = {.taps = {pairs_.taps[0].data(), pairs_.taps[1].data()},
               .tap_count = pairs_.taps[0].size(),
               .table_re = pairs_.table_re.data(),
               .table_im = pairs_.table_im.data(),
               .anchors_re = pairs_.anchors_re.data(),
               .anchors_im = pairs_.anchors_im.data(),
               .scale = pairs_.scale};
}

void TunerTables::write_pair_anchors(std::size_t count) {
  for (std::size_t n = 0; n < count; ++n) {
    const std::int32_t re = whole(static_cast<double>(anchors_re_[n]) * kOne);
    const std::int32_t im = whole(static_cast<double>(anchors_im_[n]) * kOne);
    pairs_.anchors_re[n] = pair(re, re);
    pairs_.anchors_im[n] = pair(im, im);
  }
}

void TunerTables::complete_tiles(TunerJob& job, std::int64_t first_output) {
  constexpr std::int64_t kTurn = TileTunerTables::kTurnOutputs;
  const std::size_t anchors = TunerJob::computed(job.outputs) / TileTunerTables::kTurnOutputs + 2;
  output_anchors_.write(first_output / kTurn, std::span(anchors_re_).first(anchors),
                        std::span(anchors_im_).first(anchors));
  job.tiles = {.taps = tiles_.taps.data(),
               .tile_count = TileTunerTables::tiles(step_, taps_.size()),
               .bias_re = tiles_.bias_re,
               .bias_im = tiles_.bias_im,
               .table_re = tiles_.table_re.data(),
               .table_im = tiles_.table_im.data(),
               .table_position = static_cast<std::size_t>(first_output % kTurn),
               .anchors_re = anchors_re_.data(),
               .anchors_im = anchors_im_.data()};
}

}  // namespace fmrx::dsp
