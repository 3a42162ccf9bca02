// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "base/units.hpp"

namespace fmrx::radio {

/// A tenth of a second at one gain.
struct GainObservation {
  double clip_rate = 0;          ///< share of I and Q values at the converter's ends
  double peak = 0;               ///< the largest of them, 1 = full scale
  Decibels carrier_to_noise{0};  ///< of the station
};

/// Finds the tuner's best gain, and keeps to it: by the station's carrier-to-noise ratio, which
/// the converter's noise spoils at low gain, intermodulation and clipping at high gain. Pure:
/// observations in, gains out.
///
/// It searches by trying: as high as the peak allows, then up and down while that is better.
/// Then it holds, two seconds at least, and tries again only if the band has changed: it clips, its peak
/// has fallen, or the station has become noisier.
class GainControl {
 public:
  static constexpr std::chrono::milliseconds kObservation{100};

  /// `gains`: ascending, at least one. Begins in the middle of them.
  explicit GainControl(std::vector<Decibels> gains);

  [[nodiscard]] Decibels gain() const { return gains_[index_]; }
  [[nodiscard]] bool is_searching() const { return is_searching_; }

  /// Takes an observation at the present gain, each kObservation; those that follow a change of
  /// gain may still show the former one. True: gain() has changed.
  bool observe(const GainObservation& observation);

 private:
  void collect(const GainObservation& observation);
  bool search();
  bool hold();
  bool begin_search();
  bool move_to(std::size_t index);
  [[nodiscard]] std::optional<std::size_t> next_to_try() const;
  [[nodiscard]] std::size_t best() const;
  [[nodiscard]] std::size_t highest_within(double gain_db) const;
  [[nodiscard]] double quality(std::size_t index, const GainObservation& seen) const;

  std::vector<Decibels> gains_;
  std::size_t index_;
  bool is_searching_ = true;
  int settling_;
  GainObservation sum_;  ///< of the observations so far, but the largest peak and the best C/N
  int count_ = 0;
  std::map<std::size_t, GainObservation> tried_;  ///< in this search, by index
  std::optional<GainObservation> held_;           ///< the first two seconds at the chosen gain
  int patience_;                                  ///< observations until noise may start a search again
  int since_search_ = 0;
};

}  // namespace fmrx::radio
