// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/iq.hpp"
#include "base/units.hpp"
#include "dsp/aligned.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/rate_plan.hpp"
#include "dsp/stream_buffer.hpp"
#include "dsp/tuner_tables.hpp"

namespace fmrx::dsp {

/// Raw IQ to planar floats at the IF with the station at 0 Hz: conversion, mixing and the
/// decimating low-pass in one pass over the samples. Full scale is 1.0. Samples that are not
/// numbers, or absurdly large, become zero.
class Tuner {
 public:
  /// `history`: how many samples of the IF the next block needs from before its newest.
  Tuner(const RatePlan& plan, Hertz offset, const Kernels& kernels, std::size_t max_block,
        std::size_t history = 0);

  /// `iq` holds at most max_block samples, in the format of all the stream. Before what comes lie the
  /// `history` samples before; valid until the next call.
  [[nodiscard]] ComplexRoom process(IqView iq);

  /// Whether the last block had a byte at either end of its numbers, where these are bytes (cu8).
  [[nodiscard]] bool at_end() const { return at_end_; }

  /// Samples taken since the start.
  [[nodiscard]] std::uint64_t samples() const { return static_cast<std::uint64_t>(samples_); }
  [[nodiscard]] std::size_t max_output() const { return max_output_; }
  /// Samples of the input.
  [[nodiscard]] double delay_samples() const;
  /// Equivalent noise bandwidth of the low-pass, both sides of 0 Hz.
  [[nodiscard]] double noise_bandwidth_hz() const;

 private:
  void begin(IqFormat format);
  void tune_in_seam(std::span<const std::byte> bytes);
  void tune_in_block(std::span<const std::byte> block, std::int64_t begin);
  bool tune(const std::byte* window, std::size_t outputs);
  void look_for_ends(std::span<const std::byte> bytes);
  void forget();

  [[nodiscard]] std::int64_t first_needed() const;

  const Kernels& kernels_;
  double input_hz_;
  std::size_t step_;
  std::size_t max_output_;
  TunerTables tables_;
  IqFormat format_ = IqFormat::cu8;
  AlignedVector<std::byte> seam_;  ///< the last samples of one block and the first of the next
  std::size_t seam_samples_ = 0;
  std::int64_t seam_first_ = 0;  ///< which sample of the stream it begins with
  std::int64_t samples_ = 0;
  std::int64_t outputs_ = 0;
  ComplexRoom room_;      ///< for the outputs of this block
  std::size_t done_ = 0;  ///< how many of them are there
  bool at_end_ = false;

  AlignedVector<float> scratch_;
  std::size_t history_;
  StreamBuffer out_re_;
  StreamBuffer out_im_;
};

}  // namespace fmrx::dsp
