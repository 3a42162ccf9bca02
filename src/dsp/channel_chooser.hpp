// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/units.hpp"
#include "dsp/channel_damage.hpp"
#include "dsp/channel_edges.hpp"
#include "dsp/channel_survey.hpp"

namespace fmrx::dsp {

/// What comes in with the station. Powers are shares of the carrier's.
struct ChannelCondition {
  double noise_per_hz = 0;  ///< density
  double neighbours = 0;    ///< inside the edges
  double own_cut = 0;       ///< side bands outside the edges
  ChannelEdges edges;
};

/// Chooses how wide the channel filter is on each side: as wide as the neighbours and
/// the noise allow. It is shown a spectrum of the IF every now and then, and looks for
/// the least damage to the audio as predicted from those of the last seconds
/// (docs/signal-chain.md).
class ChannelChooser {
 public:
  /// `held`: the first edges stay, whatever comes in.
  ChannelChooser(double if_hz, ChannelEdges first, bool held);

  /// How much the envelope has varied since the last look, as a share of its carrier: that of
  /// the whole IF, and that of the filtered station; the latter is not known while the
  /// filter is on its way to other edges, when none are chosen.
  struct Unsteadiness {
    double open = 1;
    std::optional<double> filtered;
  };

  /// `seconds`: since the last look.
  void look(std::span<const float, PowerSpectrum::kPoints> spectrum, const Unsteadiness& unsteadiness,
            double seconds);

  [[nodiscard]] ChannelEdges edges() const { return edges_; }
  [[nodiscard]] ChannelCondition condition() const;
  /// As in condition(), but of what was seen since the last call alone; nothing before a look, and
  /// infinite without a carrier.
  [[nodiscard]] std::optional<double> take_noise_per_hz();

 private:
  struct Choice {
    ChannelEdges edges;
    double least_damage;
  };

  void average(const ChannelCells& cells, double seconds);
  [[nodiscard]] static double carrier_of(const Sides<SideSurvey>& sorted);
  [[nodiscard]] Sides<SideShares> shares_of(const ChannelCells& cells, const Sides<SideSurvey>& sorted,
                                            double carrier) const;
  [[nodiscard]] SideShares shares_of(const SideCells& cells, const SideSurvey& sorted, double carrier) const;
  [[nodiscard]] Sides<SideShares> bounded(Sides<SideShares> shares) const;
  void follow(const Sides<SideShares>& lately, double seconds);
  void follow(const SideShares& lately, SideShares& followed, double seconds) const;
  void bound_neighbours(const Unsteadiness& latest, double seconds);
  void bound(double seen, double unsteadiness);
  [[nodiscard]] double let_in_seen(ChannelEdges edges) const;
  void decide();
  [[nodiscard]] bool starting() const;
  [[nodiscard]] Choice choose() const;
  [[nodiscard]] double damage(ChannelEdges edges) const;
  [[nodiscard]] double unavoidable_damage() const;

  double if_hz_;
  ChannelSurvey survey_;
  bool held_;
  std::size_t usable_edges_;  ///< those inside the IF
  std::uint64_t looks_ = 0;
  double age_s_ = 0;
  ChannelCells fast_{};
  ChannelCells slow_{};
  ChannelCells since_taken_{};  ///< mean of `looks_since_taken_`
  std::uint64_t looks_since_taken_ = 0;
  double noise_ = 0;         ///< in a cell
  double noise_per_hz_ = 0;  ///< share of the carrier
  Sides<SideShares> shares_;
  double open_unsteadiness_ = 1;
  double filtered_unsteadiness_ = 1;
  double neighbours_bound_ = 1;  ///< how much of shares_.let_in the envelope confirms
  ChannelDamage damage_;
  ChannelEdges edges_;
};

}  // namespace fmrx::dsp
