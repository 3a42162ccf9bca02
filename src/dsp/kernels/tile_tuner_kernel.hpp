// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/clip_kernel.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/kernels/vector.hpp"

// The tuner of cu8 as a product of matrices of bytes (AMX). A row of the left one is a stretch of raw bytes,
// as they lie in memory; the right one has the taps of four outputs. These are turned to the station's
// frequency, so that the samples need no mixing: the outputs are turned instead, one for each `step` samples.
// Sums are whole numbers, exact in any order.

namespace fmrx::dsp {
namespace {

/// The processor's: eight tiles of 16 rows of 64 bytes.
struct alignas(64) TileShapes {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileShapes) == 64);

/// Not on the stack: GCC 12 would leave out what it thinks nobody reads.
constexpr TileShapes kTileShapes{};

class TileTuner {
 public:
  explicit TileTuner(const TunerJob& job)
      : job_(job),
        tiles_(job.tiles),
        row_bytes_(2 * Tables::kRowOutputs * job.step),
        raw_(reinterpret_cast<std::uint8_t*>(job.scratch)) {}

  /// Whether a byte was 0 or 255.
  bool run() {
    _tile_loadconfig(&kTileShapes);
    const auto* from = reinterpret_cast<const std::uint8_t*>(job_.window) + 2 * job_.lead;
    for (std::size_t first = 0; first < job_.outputs; first += kAtOnce) {
      take(from);
      from += Tables::kRows * row_bytes_;
      for (std::size_t group = 0; group < Tables::kGroups; group += kGroupsAtOnce) {
        multiply(group, from);
        give(first + group * Tables::kGroupOutputs);
      }
    }
    _tile_release();
    return ends_.any();
  }

 private:
  using Tables = TileTunerTables;
  /// Four products side by side, so that none waits for itself.
  static constexpr std::size_t kGroupsAtOnce = 4;
  static_assert(kGroupsAtOnce * Tables::kGroupOutputs == kLanes);
  static constexpr std::size_t kAtOnce = Tables::kRows * Tables::kRowOutputs;
  static_assert(TunerJob::kShare % kAtOnce == 0);

  /// To where rows begin with lines of the cache: otherwise loading a tile takes four times as long.
  void take(const std::uint8_t* from) {
    const std::size_t last_tile = Tables::first_tile(Tables::kGroups - 1, job_.step) + tiles_.tile_count;
    const std::size_t count = (Tables::kRows - 1) * row_bytes_ + last_tile * Tables::kRow_bytes;
    std::uint8_t* const to = raw_;
    EndWatch ends = ends_;
    for (std::size_t n = 0; n < count; n += kVector_bytes) {
      Floats raw;
      std::memcpy(&raw, from + n, sizeof raw);
      std::memcpy(to + n, &raw, sizeof raw);
      ends.see(raw);
    }
    ends_ = ends;
  }

  /// Of four groups, the first of which is `group`. Half of the samples that `next` begins come nearer
  /// meanwhile: reading them takes as long as all the products, where they are not in a cache.
  void multiply(std::size_t group, const std::uint8_t* next) {
    const std::size_t fetched = Tables::kRows * row_bytes_ / 2;
    next += group / kGroupsAtOnce * fetched;
    const std::size_t taps_bytes = tiles_.tile_count * Tables::kTile_bytes;
    const std::int8_t* taps = tiles_.taps + group * taps_bytes;
    const auto first = [&](std::size_t n) {
      return raw_ + Tables::first_tile(group + n, job_.step) * Tables::kRow_bytes;
    };
    const std::uint8_t* const raw[kGroupsAtOnce] = {first(0), first(1), first(2), first(3)};
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (std::size_t tile = 0; tile < tiles_.tile_count; ++tile, taps += Tables::kTile_bytes) {
      fetch(next + tile * fetched / tiles_.tile_count, next + (tile + 1) * fetched / tiles_.tile_count);
      const std::size_t byte = tile * Tables::kRow_bytes;
      _tile_loadd(4, raw[0] + byte, row_bytes_);
      _tile_loadd(5, taps, Tables::kRow_bytes);
      _tile_dpbusd(0, 4, 5);
      _tile_loadd(6, raw[1] + byte, row_bytes_);
      _tile_loadd(7, taps + taps_bytes, Tables::kRow_bytes);
      _tile_dpbusd(1, 6, 7);
      _tile_loadd(4, raw[2] + byte, row_bytes_);
      _tile_loadd(5, taps + 2 * taps_bytes, Tables::kRow_bytes);
      _tile_dpbusd(2, 4, 5);
      _tile_loadd(6, raw[3] + byte, row_bytes_);
      _tile_loadd(7, taps + 3 * taps_bytes, Tables::kRow_bytes);
      _tile_dpbusd(3, 6, 7);
    }
    _tile_stored(0, sums_[0], Tables::kRow_bytes);
    _tile_stored(1, sums_[1], Tables::kRow_bytes);
    _tile_stored(2, sums_[2], Tables::kRow_bytes);
    _tile_stored(3, sums_[3], Tables::kRow_bytes);
  }

  static void fetch(const std::uint8_t* from, const std::uint8_t* end) {
    for (; from < end; from += kVector_bytes) __builtin_prefetch(from);
  }

  /// The outputs of the four groups: kLanes of each row, the first row's beginning with `output`.
  void give(std::size_t output) const {
    for (std::size_t row = 0; row < Tables::kRows; ++row, output += Tables::kRowOutputs) {
      const auto sums = [&](std::size_t group) { return load(sums_[group] + row * Tables::kRowSums); };
      const Floats first = joined(sums(0), sums(1));
      const Floats second = joined(sums(2), sums(3));
      const Floats re = to_floats(bits(even_fours(first, second)) - tiles_.bias_re);
      const Floats im = to_floats(bits(odd_fours(first, second)) - tiles_.bias_im);
      Floats by_re;
      Floats by_im;
      oscillator(tiles_.table_position + output, by_re, by_im);
      store(job_.out_re + output, multiply_add(re, by_re, -(im * by_im)));
      store(job_.out_im + output, multiply_add(re, by_im, im * by_re));
    }
  }

  /// Of two groups, high and low bytes' sums to one: the first group's re and im, then the other's.
  [[nodiscard]] static Floats joined(Floats one, Floats other) {
    return from_bits((bits(low_halves(one, other)) << 8) + bits(high_halves(one, other)));
  }

  /// For kLanes outputs, the first of which has `position` in the table, turns of the table counted on.
  void oscillator(std::size_t position, Floats& re, Floats& im) const {
    const std::size_t turn = position / Tables::kTurnOutputs;
    const std::size_t entry = position % Tables::kTurnOutputs;
    Floats anchor_re = splat(tiles_.anchors_re[turn]);
    Floats anchor_im = splat(tiles_.anchors_im[turn]);
    if (entry + kLanes > Tables::kTurnOutputs) {
      const Ints lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
      const Ints begins_next = lane >= static_cast<std::int32_t>(Tables::kTurnOutputs - entry);
      anchor_re = begins_next ? splat(tiles_.anchors_re[turn + 1]) : anchor_re;
      anchor_im = begins_next ? splat(tiles_.anchors_im[turn + 1]) : anchor_im;
    }
    const Floats table_re = load(tiles_.table_re + entry);
    const Floats table_im = load(tiles_.table_im + entry);
    re = multiply_add(table_re, anchor_re, -(table_im * anchor_im));
    im = multiply_add(table_re, anchor_im, table_im * anchor_re);
  }

  // Copies: what is stored could not change them.
  const TunerJob job_;
  const Tables tiles_;
  std::size_t row_bytes_;
  std::uint8_t* raw_;
  EndWatch ends_;
  /// 32-bit whole numbers, as registers hold them.
  alignas(64) float sums_[kGroupsAtOnce][Tables::kRows * Tables::kRowSums];
};

}  // namespace
}  // namespace fmrx::dsp
