// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include "base/iq.hpp"

// The inner loops of the chain, compiled once for each instruction set (see
// docs/decisions/0003-kernels.md). Plain data and functions only: this header is
// part of every set's translation unit.
namespace fmrx::dsp {

/// The widest register of any instruction set, in floats.
inline constexpr std::size_t kMostLanes = 16;

/// Kernels compute whole registers: so many floats behind an output may be overwritten.
inline constexpr std::size_t kOutputSlack = kMostLanes;

/// Raw IQ to the IF: conversion to floats, mixing and a decimating FIR,
///   out[m] = sum of taps[k] * x[m * step + lead + k] * oscillator.
struct TunerJob {
  /// Outputs that one turn of the oscillator's table serves: it has step * kTurnOutputs samples.
  static constexpr std::size_t kTurnOutputs = 32;
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
  float* scratch;  ///< aligned to 64 bytes
  float* out_re;
  float* out_im;

  /// Outputs that are computed when `wanted` are asked for: room for them is needed.
  [[nodiscard]] static constexpr std::size_t computed(std::size_t wanted) {
    constexpr std::size_t share = kMostLanes * kTurnOutputs;
    return (wanted + share - 1) / share * share;
  }
  /// Samples after `lead` that are read, and turns of the table that are begun at most.
  [[nodiscard]] static constexpr std::size_t samples_read(std::size_t wanted, std::size_t step,
                                                          std::size_t tap_count) {
    return computed(wanted) * step + tap_count + 2 * kAlignment;
  }
  [[nodiscard]] static constexpr std::size_t scratch_floats(std::size_t step, std::size_t tap_count) {
    return (step * kTurnOutputs + tap_count + 2 * kAlignment) * 2 * kMostLanes;
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

struct Kernels {
  const char* name;
  void (*tune)(const TunerJob&);
  void (*filter)(const FilterJob&);
  /// Sum of a[k] * b[k].
  float (*dot)(const float* a, const float* b, std::size_t count);
  /// out[n] = gain * arg(z[n + 1] z*[n]), within 3e-7 rad; reads up to kOutputSlack more.
  void (*discriminate)(const float* re, const float* im, std::size_t count, float gain, float* out);
  /// Multiplies and adds in registers, at least `count` times: for benchmarks, what the processor
  /// could do at most.
  float (*spin)(std::size_t count);
};

/// The best that this processor has.
[[nodiscard]] const Kernels& best_kernels();

}  // namespace fmrx::dsp
