// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "dsp/spectrum.hpp"

namespace fmrx::dsp {

/// One value for each side of the carrier.
template <class T>
struct Sides {
  T below{};
  T above{};
};

/// The spectrum of the IF in cells of equal width, from the carrier outward on each side.
inline constexpr std::size_t kCellsPerSide = 64;
using SideCells = std::array<float, kCellsPerSide>;
using ChannelCells = Sides<SideCells>;

[[nodiscard]] ChannelCells cells_of(std::span<const float, PowerSpectrum::kPoints> spectrum);

/// What is in each cell, above the noise: the station's own side bands, and the shares of the
/// cell's power that are its own and other stations'.
struct SideSurvey {
  SideCells own{};
  SideCells own_share{};
  SideCells foreign_share{};
  std::size_t seen_to = 0;  ///< the outermost cell that shows the station's own
};

/// Sorts the spectrum beside a station: what is the station's own, what its neighbours',
/// what noise. The station's side bands fall off from its carrier outward; where the
/// spectrum rises again a neighbour begins, and the valley between is where their
/// shares cross. On both sides of it the smaller share is taken to fall off with
/// kSkirt_Hz. Where the station's own side bands sink into the noise they are taken
/// to fall on as they last did, though not to more than thrice the other side's.
class ChannelSurvey {
 public:
  explicit ChannelSurvey(double if_hz);

  [[nodiscard]] double cell_hz() const { return cell_hz_; }

  /// Noise in a cell: the quietest stretch beside the station, of cells that have been
  /// averaged over about a second.
  [[nodiscard]] double noise(const ChannelCells& cells) const;

  /// Mean frequency of all that is in the IF, in hertz from its middle.
  [[nodiscard]] double centre_hz(const ChannelCells& cells) const;

  [[nodiscard]] Sides<SideSurvey> sort(const ChannelCells& cells, double noise) const;

 private:
  [[nodiscard]] std::size_t valley(const SideCells& smooth, const SideCells& other_smooth,
                                   double noise) const;
  [[nodiscard]] SideSurvey sort_side(const SideCells& cells, std::size_t valley, double noise) const;
  [[nodiscard]] float last_slope(const SideCells& own, std::size_t end) const;

  double cell_hz_;
  std::size_t first_;  ///< cell where a valley may begin
  std::size_t last_;   ///< cell up to which the IF is flat
  std::size_t reach_;  ///< cell up to which a symmetrical rise may be the station's own
  float steepest_;     ///< falls of side bands from cell to cell
  float gentlest_;
  /// Of side bands, to both sides of the middle one.
  std::array<float, 2 * kCellsPerSide + 1> fall_off_{};
};

}  // namespace fmrx::dsp
