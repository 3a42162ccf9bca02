// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dsp/aligned.hpp"
#include "dsp/block_stream.hpp"
#include "dsp/kernels/kernels.hpp"

namespace fmrx::rds {

/// The last samples of the subcarrier's band. Any run of up to kLongestRun is contiguous in memory.
class BandHistory {
 public:
  static constexpr std::size_t kLongestRun = 512;

  /// Throws std::invalid_argument unless `capacity` is a power of two, and at least kLongestRun.
  explicit BandHistory(std::size_t capacity);

  void push(dsp::ComplexView samples);

  /// One past the newest sample, counted from the first.
  [[nodiscard]] std::int64_t end() const { return end_; }
  /// The oldest sample that is still here. Before the first sample there was silence.
  [[nodiscard]] std::int64_t begin() const { return end_ - static_cast<std::int64_t>(capacity_); }

  [[nodiscard]] const float* re(std::int64_t first) const { return re_.data() + slot_of(first); }
  [[nodiscard]] const float* im(std::int64_t first) const { return im_.data() + slot_of(first); }

 private:
  [[nodiscard]] std::size_t slot_of(std::int64_t sample) const {
    return static_cast<std::size_t>(sample) & (capacity_ - 1);
  }
  void write(std::span<const float> samples, float* ring, std::size_t slot) const;

  std::size_t capacity_;
  std::int64_t end_ = 0;
  std::vector<float> re_;
  std::vector<float> im_;
};

/// Filter matched to the biphase symbol that the standard's shaping gives a bit (IEC 62106, 1.7),
/// to be read at any moment. Neighbouring symbols do not show at a symbol's own moment, and
/// the filter is zero at 57 kHz itself, where an ARI carrier may stand.
class MatchedFilter {
 public:
  explicit MatchedFilter(double rate_hz);

  /// The symbol whose middle lies at `position`, a fraction of a sample included. A symbol of
  /// amplitude a at its modulation's peak gives about 0.7 a.
  [[nodiscard]] std::complex<float> at(const BandHistory& band, double position) const;

  struct Symbol {
    std::complex<float> value;
    std::complex<float> slope;  ///< its derivative by the position, in bits
  };
  /// As above, with its derivative.
  [[nodiscard]] Symbol with_slope_at(const BandHistory& band, double position) const;

  /// Samples that must lie on each side of a position.
  [[nodiscard]] std::size_t reach() const { return taps_ / 2 + 1; }
  /// Minus the second derivative of the filter's answer to a symbol at its own moment, over that
  /// answer; times in bits.
  [[nodiscard]] double curvature() const { return curvature_; }

 private:
  /// Positions between two samples that have taps of their own: a hundredth of a bit misses
  /// less than 0.01 dB, and this is a thousandth at most.
  static constexpr std::size_t kPhases = 32;

  struct Place {
    std::int64_t first = 0;   ///< sample that the taps begin with
    std::size_t tap_set = 0;  ///< where those taps begin in the tables
  };
  [[nodiscard]] Place place_of(double position) const;

  decltype(dsp::Kernels::dot_pair) dot_pair_;
  decltype(dsp::Kernels::dot_pairs) dot_pairs_;
  std::size_t taps_;
  double curvature_ = 0;
  dsp::AlignedVector<float> symbol_;  ///< taps_ for each phase
  dsp::AlignedVector<float> slope_;
};

}  // namespace fmrx::rds
