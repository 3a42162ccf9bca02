// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "sim/multiplex.hpp"

namespace fmrx::sim {

/// Which IQ samples fall into one block of the multiplex, and where between its
/// samples: the same for every station. All positions are exact integers.
class ModulatorClock {
 public:
  explicit ModulatorClock(SampleRate iq_rate);

  /// Goes on to the next block of the multiplex.
  void advance();

  struct Interval {
    std::uint32_t first;   ///< IQ samples of this block before the interval
    float first_position;  ///< of the first one inside it, -1 at its start, +1 at its end
  };

  [[nodiscard]] std::size_t samples() const { return samples_; }  ///< of IQ in this block
  [[nodiscard]] std::size_t max_samples() const { return max_samples_; }
  [[nodiscard]] std::uint64_t first_sample() const { return first_sample_; }
  [[nodiscard]] const std::array<Interval, kMultiplexBlock>& intervals() const { return intervals_; }
  [[nodiscard]] float step() const { return step_; }                        ///< of position, an IQ sample
  [[nodiscard]] std::size_t per_interval() const { return per_interval_; }  ///< at most
  [[nodiscard]] SampleRate iq_rate() const { return iq_rate_; }

 private:
  SampleRate iq_rate_;
  float step_;
  std::size_t per_interval_;
  std::size_t max_samples_;
  std::uint32_t next_numerator_ = 0;  ///< of the next IQ sample's position in its interval, over the IQ rate
  std::uint64_t first_sample_ = 0;
  std::size_t samples_ = 0;
  std::array<Interval, kMultiplexBlock> intervals_{};
};

/// Frequency modulator: multiplex in, carrier at any IQ rate out.
///
/// Between two samples the multiplex is a polynomial (a windowed sinc of 16 taps
/// cut into pieces), and the phase is its exact integral; so it is continuous,
/// and any ratio of rates is as good as any other. Whole samples are summed up in
/// 64-bit fractions of a turn, that wrap and never drift.
class FmModulator {
 public:
  /// offset: of the carrier from the centre, within half of the clock's IQ rate.
  /// start_phase: of the carrier, in 2^-64 turns.
  FmModulator(const Station& station, Hertz offset, const ModulatorClock& clock, std::uint64_t start_phase);

  /// Adds the samples of the clock's block to in_phase and quadrature.
  void add_to(const ModulatorClock& clock, std::span<float> in_phase, std::span<float> quadrature);

 private:
  static constexpr std::size_t kDegree = 8;  ///< of the multiplex polynomial
  static constexpr std::size_t kHalfTaps = 8;
  static constexpr std::size_t kPhaseTerms = kDegree + 2;
  static constexpr std::size_t kBefore = kHalfTaps - 1;  ///< taps before an interval's start

  /// Weights of the sums (even powers) and differences (odd powers) of the two
  /// samples that lie j intervals left and right of the interval's middle.
  struct Kernel {
    std::array<std::array<float, kHalfTaps>, kDegree + 1> weights;
    std::array<double, kHalfTaps> whole_interval;  ///< integral over it
  };
  static const Kernel& kernel();
  static Kernel make_kernel();

  void next_block();
  void find_polynomials();
  void find_phases(const ModulatorClock& clock);

  Multiplex multiplex_;
  const Kernel& kernel_;
  float amplitude_;
  std::uint64_t carrier_step_;
  std::uint64_t carrier_start_;
  std::uint64_t modulation_ = 0;                               ///< phase at the start of the block
  std::array<float, kBefore + 2 * kMultiplexBlock> signal_{};  ///< one block is always ahead
  std::array<std::array<float, kMultiplexBlock>, kPhaseTerms> polynomials_{};  ///< in 2^-32 turns
  std::array<std::uint64_t, kMultiplexBlock> start_phase_{};
  std::vector<std::uint32_t> phases_;
};

}  // namespace fmrx::sim
