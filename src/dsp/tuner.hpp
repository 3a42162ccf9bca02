// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/iq.hpp"
#include "base/units.hpp"
#include "dsp/aligned.hpp"
#include "dsp/block_stream.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/rate_plan.hpp"
#include "dsp/tuner_tables.hpp"

namespace fmrx::dsp {

/// Raw IQ to planar floats at the IF with the station at 0 Hz: conversion, mixing and the
/// decimating low-pass in one pass over the samples. Full scale is 1.0. Samples that are not
/// numbers, or absurdly large, become zero. The stream comes in blocks of any size, and a block is
/// taken piece by piece.
class Tuner {
 public:
  /// `history`: how many samples of the IF whoever reads a piece of it needs from before.
  Tuner(const RatePlan& plan, Hertz offset, const Kernels& kernels, std::size_t max_piece,
        std::size_t history = 0);

  /// `block` must stay until its last sample is taken, and is in the format of all the stream.
  void begin_block(IqView block);

  /// Takes the block's next samples, at most max_piece. Before what comes lie the `history` samples
  /// before; valid until the next call.
  [[nodiscard]] ComplexRoom process(std::size_t samples);

  /// False: no byte of the last piece was at either end of its numbers, where these are bytes (cu8). True
  /// if one was, or one close to the piece in the same block.
  [[nodiscard]] bool at_end() const { return at_end_; }

  /// Samples taken since the start.
  [[nodiscard]] std::uint64_t samples() const { return static_cast<std::uint64_t>(samples_); }
  [[nodiscard]] std::size_t max_output() const { return max_output_; }
  /// Samples of the input.
  [[nodiscard]] double delay_samples() const;
  /// Equivalent noise bandwidth of the low-pass, both sides of 0 Hz.
  [[nodiscard]] double noise_bandwidth_hz() const;

 private:
  /// Samples of the stream.
  struct Stretch {
    std::int64_t first;
    std::int64_t end;
  };

  void begin(IqFormat format);
  void tune_across_border();
  [[nodiscard]] Stretch tune_in_block(std::int64_t first);
  void tune_block_end();
  bool tune(const std::byte* window, std::int64_t window_first, std::size_t outputs);
  void look_for_ends(Stretch samples);
  void fill_seam(std::int64_t end);

  [[nodiscard]] std::int64_t first_needed() const;
  [[nodiscard]] std::int64_t window_first() const;
  [[nodiscard]] std::int64_t block_end() const;
  [[nodiscard]] const std::byte* in_block(std::int64_t sample) const;
  [[nodiscard]] std::size_t left() const { return room_.size() - done_; }

  const Kernels& kernels_;
  double input_hz_;
  std::size_t step_;
  std::size_t max_output_;
  TunerTables tables_;
  IqFormat format_ = IqFormat::cu8;
  std::span<const std::byte> block_;
  std::int64_t block_first_ = 0;   ///< which sample of the stream it begins with
  AlignedVector<std::byte> seam_;  ///< the last samples of one block and the first of the next
  std::int64_t seam_first_ = 0;
  std::int64_t seam_end_ = 0;
  std::int64_t samples_ = 0;
  std::int64_t outputs_ = 0;
  ComplexRoom room_;      ///< for the outputs of this piece
  std::size_t done_ = 0;  ///< how many of them are there
  bool at_end_ = false;

  AlignedVector<float> scratch_;
  BlockStream out_re_;
  BlockStream out_im_;
};

}  // namespace fmrx::dsp
