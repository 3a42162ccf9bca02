// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/iq.hpp"

// The inner loops of the chain, compiled once for each instruction set (see
// docs/decisions/0003-kernels.md). Plain data and functions only: this header is
// part of every set's translation unit.
namespace fmrx::dsp {

/// The widest register of any instruction set, in floats.
inline constexpr std::size_t kMostLanes = 16;

/// Kernels compute whole registers: so many floats behind an output may be overwritten.
inline constexpr std::size_t kOutputSlack = kMostLanes;

/// What the tuner needs to compute with 16-bit numbers, two samples at a time. 8 bits leave
/// so much room that nothing is lost: each rounding is 36 dB below theirs.
struct PairTunerTables {
  /// Samples have all 16 bits. They lose two of them to the oscillator, whose largest number is so much
  /// less than theirs: the filter's sums need the room.
  static constexpr unsigned kHeadroom = 4;
  /// Of samples that are not mixed.
  static constexpr double kLargestSample = 255.0 * 128 / kHeadroom;

  /// Two taps in each number, the older one low; for windows that begin with the first sample of
  /// a pair, and with the second.
  const std::int32_t* taps[2];
  std::size_t tap_count;  ///< pairs
  const std::int32_t* table_re;
  const std::int32_t* table_im;
  const std::int32_t* anchors_re;  ///< the same number twice
  const std::int32_t* anchors_im;
  float scale;  ///< of the sums
};

/// What the tuner needs to compute with tiles: matrices of bytes, multiplied and summed in whole numbers.
/// The raw bytes are one of them. The taps, turned to the station's frequency instead of the samples, are
/// the other: 16 bits in two bytes.
struct TileTunerTables {
  /// Of a tile: rows, bytes in each, and sums in each row of the product.
  static constexpr std::size_t kRows = 16;
  static constexpr std::size_t kRow_bytes = 64;
  static constexpr std::size_t kRowSums = 16;
  static constexpr std::size_t kTile_bytes = kRows * kRow_bytes;
  /// A group's outputs, and their sums: re and im of high bytes, re and im of low ones.
  static constexpr std::size_t kGroupOutputs = 4;
  static constexpr std::size_t kGroups = 8;
  /// From one row of raw bytes to the next. With any step that is a whole number of kRow_bytes.
  static constexpr std::size_t kRowOutputs = kGroups * kGroupOutputs;
  /// Outputs that one turn of the oscillator's table serves. Its first kMostLanes entries follow once more.
  static constexpr std::size_t kTurnOutputs = 256;

  /// Where the samples of a group begin, in a row of raw bytes.
  [[nodiscard]] static constexpr std::size_t group_byte(std::size_t group, std::size_t step) {
    return 2 * group * kGroupOutputs * step;
  }
  /// The first of the group's tiles, and how many groups have at most.
  [[nodiscard]] static constexpr std::size_t first_tile(std::size_t group, std::size_t step) {
    return group_byte(group, step) / kRow_bytes;
  }
  [[nodiscard]] static constexpr std::size_t tiles(std::size_t step, std::size_t tap_count) {
    std::size_t most = 0;
    for (std::size_t group = 0; group < kGroups; ++group) {
      const std::size_t end = group_byte(group, step) + 2 * (tap_count + (kGroupOutputs - 1) * step);
      const std::size_t tiles = (end + kRow_bytes - 1) / kRow_bytes - first_tile(group, step);
      most = most < tiles ? tiles : most;
    }
    return most;
  }

  const std::int8_t* taps;  ///< aligned to 64 bytes: each group's tiles
  std::size_t tile_count;   ///< of each group
  std::int32_t bias_re;     ///< what a sample of 127.5 in both parts comes to
  std::int32_t bias_im;
  const float* table_re;  ///< the oscillator by outputs, times what makes sums samples
  const float* table_im;
  std::size_t table_position;  ///< of the first output
  const float* anchors_re;     ///< from the first output on
  const float* anchors_im;
};

/// Raw IQ to the IF: conversion to floats, mixing and a decimating FIR,
///   out[m] = sum of taps[k] * x[m * step + lead + k] * oscillator.
struct TunerJob {
  /// Outputs that one turn of the oscillator's table serves: it has step * kTurnOutputs samples.
  static constexpr std::size_t kTurnOutputs = 32;
  /// Turns that are taken between two moves of the filter's window.
  static constexpr std::size_t kTurnsAtOnce = 2;
  /// The window begins at a multiple of so many samples of the stream.
  static constexpr std::size_t kAlignment = 32;

  IqFormat format;
  const std::byte* window;
  std::size_t lead;  ///< samples in the window before the first that is needed
  std::size_t outputs;
  std::size_t step;
  const float* taps;
  std::size_t tap_count;
  /// The oscillator is table[n % size] * anchors[n / size]; no table: no mixing.
  const float* table_re;
  const float* table_im;
  std::size_t table_position;  ///< of the window's first sample
  const float* anchors_re;     ///< from the window's first sample on
  const float* anchors_im;
  PairTunerTables pairs;  ///< instead, for cu8, with kernels of Cu8Arithmetic::pairs
  TileTunerTables tiles;  ///< or of Cu8Arithmetic::tiles
  float* scratch;         ///< aligned to 64 bytes
  float* out_re;
  float* out_im;

  /// Outputs are computed in multiples of so many.
  static constexpr std::size_t kShare = kMostLanes * kTurnOutputs;

  /// Outputs that are computed when `wanted` are asked for: room for them is needed.
  [[nodiscard]] static constexpr std::size_t computed(std::size_t wanted) {
    return (wanted + kShare - 1) / kShare * kShare;
  }
  /// Samples after `lead` that are read, and turns of the table that are begun at most.
  [[nodiscard]] static constexpr std::size_t samples_read(std::size_t wanted, std::size_t step,
                                                          std::size_t tap_count) {
    return computed(wanted) * step + tap_count + 2 * kAlignment;
  }
  [[nodiscard]] static constexpr std::size_t scratch_floats(std::size_t step, std::size_t tap_count) {
    return (step * kTurnOutputs * kTurnsAtOnce + tap_count + 2 * kAlignment) * 2 * kMostLanes;
  }
};

/// Real FIRs over one signal, decimating: out[s][m] = sum of taps[s][k] * x[m * step + k].
struct FilterJob {
  static constexpr std::size_t kMostSets = 3;

  const float* x;
  std::size_t outputs;
  std::size_t step;
  std::size_t tap_count;
  std::size_t sets;
  const float* taps[kMostSets];
  float* scratch;  ///< aligned to 64 bytes
  float* out[kMostSets];

  /// Floats of x that are read; garbage will do behind those that are needed.
  [[nodiscard]] static constexpr std::size_t samples_read(std::size_t outputs, std::size_t step,
                                                          std::size_t tap_count) {
    return (outputs + kMostLanes) * step + tap_count + kMostLanes;
  }
  [[nodiscard]] static constexpr std::size_t scratch_floats(std::size_t outputs, std::size_t step,
                                                            std::size_t tap_count) {
    // Lanes of any number share the outputs; each has its own lead-in.
    return (outputs + kMostLanes) * (step + kMostSets) + (tap_count + 2 * kMostLanes) * kMostLanes;
  }
};

/// A complex FIR, decimating: out[m] = sum of taps[k] * x[m * step + k].
struct ComplexFilterJob {
  const float* re;
  const float* im;
  std::size_t outputs;
  std::size_t step;
  std::size_t tap_count;  ///< a multiple of kMostLanes
  const float* taps_re;
  const float* taps_im;
  float* out_re;
  float* out_im;

  /// Samples that are read; garbage will do behind those that are needed.
  [[nodiscard]] static constexpr std::size_t samples_read(std::size_t outputs, std::size_t step,
                                                          std::size_t tap_count) {
    return (outputs + kMostLanes) * step + tap_count;
  }
};

/// out[k] = Im(z[k] conj(c[k] table[k])) where c[k] is shares[k] of the way from `from` to `to`. Up to
/// kOutputSlack more of everything is read, and written.
struct DemodulatorJob {
  const float* re;
  const float* im;
  const float* table_re;
  const float* table_im;
  const float* shares;
  float from_re, from_im, to_re, to_im;
  std::size_t count;
  float* out;
};

/// Rows of kMostLanes samples z each: sums each lane's z conj(table), and takes spike * table from z.
struct SpikeJob {
  float* re;
  float* im;
  const float* table_re;
  const float* table_im;
  std::size_t rows;
  float spike_re, spike_im;
  float* sum_re;  ///< kMostLanes
  float* sum_im;
};

/// What a tuner computes with when the samples are bytes.
enum class Cu8Arithmetic : std::uint8_t { floats, pairs, tiles };

struct Kernels {
  const char* name;
  Cu8Arithmetic cu8_arithmetic;
  /// Of cu8, whether a byte that was read is 0 or 255.
  bool (*tune)(const TunerJob&);
  void (*filter)(const FilterJob&);
  void (*filter_complex)(const ComplexFilterJob&);
  /// Sum of a[k] * b[k].
  float (*dot)(const float* a, const float* b, std::size_t count);
  /// out[n] = gain * arg(z[n + 1] z*[n]), within 3e-7 rad; reads up to kOutputSlack more.
  void (*discriminate)(const float* re, const float* im, std::size_t count, float gain, float* out);
  /// Sums of a[k] * x[k] and b[k] * x[k].
  void (*dot_pair)(const float* a, const float* b, const float* x, std::size_t count, float* sums);
  /// Sums of a[k] * x[k], b[k] * x[k], a[k] * y[k] and b[k] * y[k].
  void (*dot_pairs)(const float* a, const float* b, const float* x, const float* y, std::size_t count,
                    float* sums);
  void (*demodulate)(const DemodulatorJob&);
  void (*take_spike)(const SpikeJob&);
  /// Whether a byte is 0 or 255.
  bool (*any_at_end)(const std::uint8_t* parts, std::size_t count);
  /// Multiplies and adds in registers, at least `count` times: for benchmarks, what the processor
  /// could do at most.
  float (*spin)(std::size_t count);
};

/// The best that this processor has.
[[nodiscard]] const Kernels& best_kernels();

}  // namespace fmrx::dsp
