// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "dsp/aligned.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/oscillator.hpp"
#include "dsp/rate_plan.hpp"

namespace fmrx::dsp {

/// Anchor k is the oscillator at sample `origin` + k * `apart`. Each 64th is computed from the angle
/// itself, those between by one product: an anchor is the same wherever a run of them begins.
class AnchorRow {
 public:
  AnchorRow(TurnCounter turns, std::int64_t origin, std::size_t apart);

  /// As many as `re` and `im` hold, from anchor `first` on.
  void write(std::int64_t first, std::span<float> re, std::span<float> im) const;

 private:
  TurnCounter turns_;
  std::int64_t origin_;
  std::int64_t apart_;
  std::vector<std::complex<double>> steps_;
};

/// The tuner's taps and its oscillator, exp(-j 2 pi offset n / f_s), in the numbers that the kernels compute
/// with: floats for any format; for cu8 pairs of 16-bit numbers, or tiles of bytes, where they have them.
class TunerTables {
 public:
  /// For jobs of at most `max_output` outputs.
  TunerTables(const RatePlan& plan, Hertz offset, const Kernels& kernels, std::size_t max_output);

  [[nodiscard]] std::span<const float> taps() const { return taps_; }

  /// Completes a job whose format and outputs are set. Its window begins with sample `first_sample` of the
  /// stream; the first output is the stream's `first_output`-th. Valid until the next call.
  void complete(TunerJob& job, std::int64_t first_sample, std::int64_t first_output);

 private:
  struct Pairs {
    AlignedVector<std::int32_t> taps[2];
    std::vector<std::int32_t> table_re, table_im, anchors_re, anchors_im;
    float scale = 0;
  };
  struct Tiles {
    AlignedVector<std::int8_t> taps;
    std::int32_t bias_re = 0;
    std::int32_t bias_im = 0;
    std::vector<float> table_re, table_im;
  };

  void prepare_pairs();
  void prepare_tiles();
  void complete_lanes(TunerJob& job, std::int64_t first_sample);
  void write_pair_anchors(std::size_t count);
  void complete_tiles(TunerJob& job, std::int64_t first_output);
  [[nodiscard]] std::size_t table_size() const { return step_ * TunerJob::kTurnOutputs; }

  Cu8Arithmetic cu8_arithmetic_;
  std::size_t step_;
  AlignedVector<float> taps_;
  bool mixes_;
  TurnCounter turns_;
  AnchorRow sample_anchors_;
  AnchorRow output_anchors_;
  std::vector<float> table_re_;
  std::vector<float> table_im_;
  std::vector<float> anchors_re_;
  std::vector<float> anchors_im_;
  Pairs pairs_;
  Tiles tiles_;
};

}  // namespace fmrx::dsp
