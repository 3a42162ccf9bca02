// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dsp/block_stream.hpp"
#include "rds/acquisition.hpp"
#include "rds/line_tracker.hpp"
#include "rds/matched_filter.hpp"
#include "rds/symbol_weigher.hpp"

namespace fmrx::rds {

/// Soft symbols from the subcarrier's band: finds them by Acquisition, goes back to where they
/// were found, and follows carrier and clock from there on with loops of one and two seconds'
/// memory. Through a fade the loops coast. Where samples are missing, it finds them anew.
class Demodulator {
 public:
  /// band_delay_s: sample n of the band stands for the time n / rate - band_delay_s.
  Demodulator(double band_rate_hz, double band_delay_s, std::size_t max_block);

  /// Symbols in order. After a new start they may begin with some that came before. At most
  /// max_block samples in; the view is valid until the next call.
  [[nodiscard]] std::span<const SoftSymbol> process(dsp::ComplexView band);

  /// The last symbols, when nothing more will come.
  [[nodiscard]] std::span<const SoftSymbol> finish();

  [[nodiscard]] std::size_t max_output() const { return symbols_.capacity(); }

 private:
  void push(dsp::ComplexView band);
  void look();
  void start(const SymbolEstimate& estimate, std::size_t symbols);
  [[nodiscard]] bool follows(const SymbolEstimate& estimate) const;
  void follow();
  void follow_rest();
  [[nodiscard]] bool is_ready(std::size_t symbols_ahead) const;
  void follow_run();
  void filter_symbol(std::size_t index, std::complex<double> turn_back);
  void correct_lines(double amplitude_to_noise, double error_gain);
  void observe_power(double weight);
  void emit(std::span<const SoftSymbol> symbols);

  double rate_hz_;
  double band_delay_s_;
  MatchedFilter filter_;
  Acquisition acquisition_;
  BandHistory band_;
  SymbolWeigher weigher_;
  double by_curvature_;
  LineTracker clock_;    ///< position of the next symbol, samples of the band
  LineTracker carrier_;  ///< its phase there, radians
  SymbolRun run_;
  SymbolRun::Values slopes_{};   ///< of the run's filtered symbols
  double run_power_midway_ = 0;  ///< half a symbol before
  bool following_ = false;
  double age_ = 0;           ///< symbols since the start
  double power_here_ = 0;    ///< in phase less quadrature, where the symbols are taken to be
  double power_midway_ = 0;  ///< the same half a symbol later
  double recent_power_ = 0;
  std::int64_t lost_for_ = 0;  ///< looks without symbols in between
  std::vector<SoftSymbol> symbols_;
};

}  // namespace fmrx::rds
