// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/units.hpp"
#include "dsp/channel_survey.hpp"

namespace fmrx::dsp {

/// Where the channel filter may cut, in hertz from the carrier, on either side. Beyond
/// the last one it does not cut at all: the decimator's response is the filter.
inline constexpr std::array<double, 14> kChannelEdges_Hz = {28e3, 32e3, 36e3, 41e3,  47e3,  54e3,  62e3,
                                                            71e3, 82e3, 94e3, 108e3, 124e3, 142e3, 163e3};
inline constexpr std::size_t kOpenEdge = kChannelEdges_Hz.size();
inline constexpr std::size_t kEdges = kOpenEdge + 1;

/// Indices into kChannelEdges_Hz, or kOpenEdge.
struct ChannelEdges {
  std::size_t below = kOpenEdge;
  std::size_t above = kOpenEdge;

  friend bool operator==(const ChannelEdges&, const ChannelEdges&) = default;
};

/// What comes in with the station. Powers are shares of the carrier's.
struct ChannelCondition {
  double noise_per_hz = 0;  ///< density
  double neighbours = 0;    ///< inside the edges
  double own_cut = 0;       ///< side bands outside the edges
  ChannelEdges edges;
};

/// Chooses how wide the channel filter is on each side: as wide as the neighbours and
/// the noise allow. It is shown a spectrum of the IF every now and then, and looks for
/// the least damage to the audio as predicted from it (docs/signal-chain.md). It
/// narrows at once and widens after a second of unchanged wishes.
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
  /// Shares of the carrier's power on one side, for each edge: own side bands beyond
  /// it, and neighbours within it.
  struct SideShares {
    std::array<double, kEdges> own_cut{};
    std::array<double, kEdges> let_in{};
  };
  struct Choice {
    ChannelEdges edges;
    double least_damage;
  };

  void average(const ChannelCells& cells, double seconds);
  [[nodiscard]] static double carrier_of(const Sides<SideSurvey>& sorted);
  void follow(const SideSurvey& sorted, const SideCells& latest, double carrier, SideShares& followed,
              double seconds) const;
  void bound_neighbours(const Unsteadiness& latest, double seconds);
  void bound(double seen, double unsteadiness);
  [[nodiscard]] double let_in_seen(ChannelEdges edges) const;
  void decide(double seconds);
  [[nodiscard]] bool starting() const;
  [[nodiscard]] Choice choose() const;
  [[nodiscard]] double edge_hz(std::size_t edge) const;
  [[nodiscard]] double own_cut(ChannelEdges edges) const;
  [[nodiscard]] double let_in(ChannelEdges edges) const;
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
  ChannelEdges edges_;
  ChannelEdges wish_;  ///< the narrowest while it was wider than edges_
  double wished_s_ = 0;
};

}  // namespace fmrx::dsp
