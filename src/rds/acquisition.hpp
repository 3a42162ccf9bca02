// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <optional>
#include <vector>

#include "rds/matched_filter.hpp"

namespace fmrx::rds {

/// Where the symbols of a stretch of signal are, and what carries them.
struct SymbolEstimate {
  double position = 0;         ///< of the stretch's first symbol, samples of the band
  double phase_rad = 0;        ///< of the carrier there; pi more is as likely
  double turn_rad = 0;         ///< of the carrier from one symbol to the next
  double amplitude_power = 0;  ///< square of a symbol's amplitude
  double noise_power = 0;      ///< of noise, in one component
};

/// Finds the symbols of RDS without knowing anything of them but their rate. The square of a
/// symbol no longer has its sign, so squares add up, for the right clock phase and carrier:
/// the search takes the best of 8 clock phases and of all carriers within +-20 Hz.
class Acquisition {
 public:
  Acquisition(double band_rate_hz, const MatchedFilter& filter, std::size_t most_symbols);

  /// Searches the last `symbols` symbols (a multiple of 8). Nothing where what was found may
  /// well be chance.
  [[nodiscard]] std::optional<SymbolEstimate> find(const BandHistory& band, std::size_t symbols);

 private:
  static constexpr std::size_t kLanes = 8;  ///< clock phases
  static constexpr std::size_t kRun = 8;    ///< symbols that are added up before the carrier is sought

  struct Peak {
    std::size_t lane = 0;
    double turn_rad = 0;  ///< of the squares
    std::complex<double> sum = 0;
  };

  void square(const BandHistory& band, double first, std::size_t symbols);
  [[nodiscard]] std::complex<double> spectrum(std::size_t lane, double turn_rad, std::size_t symbols) const;
  [[nodiscard]] Peak strongest(std::size_t symbols) const;
  [[nodiscard]] double refined_turn(const Peak& peak, std::size_t symbols) const;
  [[nodiscard]] double refined_lane(const Peak& peak, std::size_t symbols) const;

  double symbol_samples_;
  const MatchedFilter& filter_;
  std::size_t most_runs_;
  std::vector<std::complex<float>> runs_;  ///< squares: most_runs_ for each lane
  std::vector<double> power_;              ///< of a lane's symbols
  std::vector<double> square_power_;       ///< of a lane's squares
};

}  // namespace fmrx::rds
