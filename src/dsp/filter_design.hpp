// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

// Filters are designed once, in double precision, when a receiver is built.
namespace fmrx::dsp {

/// What a linear-phase low-pass has to keep: |H - 1| <= 10^(-attenuation/20) up to
/// the pass edge, |H| below the same figure from the stop edge on.
struct LowPassMask {
  double rate_hz;
  double pass_hz;
  double stop_hz;
  double attenuation_db;
};

/// Kaiser's window at a position of which -1 and 1 are its ends; 0 outside.
[[nodiscard]] double kaiser_window_at(double position, double beta);

/// Kaiser's window of 2 * half + 1 points for a stop band (and a ripple) of so many
/// dB, above 50.
[[nodiscard]] std::vector<double> kaiser_window(double attenuation_db, std::size_t half);

/// Half the length of the window with which a filter of this transition keeps its mask.
[[nodiscard]] std::size_t kaiser_half_length(double transition_hz, double rate_hz, double attenuation_db);

/// Kaiser-windowed low-pass of odd length (Kaiser, "Nonrecursive
/// digital filter design using the I0-sinh window function", 1974).
[[nodiscard]] std::vector<double> kaiser_low_pass(const LowPassMask& mask);

/// Low-pass that does nothing but stop: the shortest of odd length that is below
/// 10^(-attenuation/20) from the stop edge on, with gain 1 at 0 Hz and a droop from there
/// (Dolph-Chebyshev window; Dolph, "A current distribution for broadside arrays which
/// optimizes the relationship between beam width and side-lobe level", 1946).
[[nodiscard]] std::vector<double> chebyshev_low_pass(double rate_hz, double stop_hz, double attenuation_db);

/// Sum of taps[k] * exp(-j 2 pi f k / rate).
[[nodiscard]] std::complex<double> response(std::span<const double> taps, double f_hz, double rate_hz);

/// The same of taps that are symmetric, without their delay: a real number.
[[nodiscard]] double zero_phase_response(std::span<const double> taps, double f_hz, double rate_hz);

/// Least-squares design of real FIR filters that follow a complex response in a
/// pass band and stop everything from `stop_hz` on, some of it earlier. One set of bands serves many
/// filters, which differ in their response and their fraction of a sample.
class LeastSquaresDesign {
 public:
  struct Bands {
    double rate_hz;
    double pass_hz;
    double stop_hz;
    double stop_weight;  ///< of squared error; the pass band has 1
    /// From here to stop_hz less is better, by this weight; any gain will do if it is 0.
    double soft_stop_hz = 0;
    double soft_stop_weight = 0;
  };

  LeastSquaresDesign(const Bands& bands, std::size_t taps);

  /// Taps h with sum of h[k] * x(k) = (g * x)(delay), where g has the response
  /// `wanted` (as a function of Hz) and x is sampled once a unit of `delay`.
  [[nodiscard]] std::vector<double> taps(const std::function<std::complex<double>(double)>& wanted,
                                         double delay_samples) const;

 private:
  void factorise(std::span<const double> first_row);
  [[nodiscard]] std::vector<double> solve(std::vector<double> right) const;

  std::size_t count_;
  double rate_hz_;
  double pass_hz_;
  std::vector<double> lower_;  ///< Cholesky factor, by rows
};

}  // namespace fmrx::dsp
