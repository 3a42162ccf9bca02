// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "dsp/channel_edges.hpp"
#include "dsp/channel_survey.hpp"

namespace fmrx::dsp {

/// What each edge on one side does, in shares of the carrier's power: own side bands beyond it
/// are cut off, and neighbours within it are let in.
struct SideShares {
  std::array<double, kEdges> own_cut{};
  std::array<double, kEdges> let_in{};
};

/// Predicts how much any pair of edges damages the audio (docs/signal-chain.md), from the last 15 to
/// 30 seconds: a programme and its neighbours are loud at moments only, and what is heard is the mean.
class ChannelDamage {
 public:
  explicit ChannelDamage(double if_hz) : if_hz_(if_hz) {}

  /// What a look has shown, which stands for so many seconds, more than 0.
  void add(const Sides<SideShares>& look, double seconds);

  /// Power in the mono audio, 1.0 = 100 % modulation, beyond the noise of the linear law.
  /// `noise_per_hz`: its density, as a share of the carrier's power.
  [[nodiscard]] double of(ChannelEdges edges, double noise_per_hz) const;

 private:
  struct SideMeans {
    std::array<double, kEdges> distortion{};
    std::array<double, kEdges> own_cut{};
    std::array<double, kEdges> audible{};  ///< of neighbours that are let in
  };
  struct Means {
    Sides<SideMeans> sides;
    double neighbours = 0;  ///< in the whole IF
    double neighbours_squared = 0;
    double seconds = 0;  ///< over which

    void include(const Means& other);
  };
  /// Of all the time, on one side.
  struct Edge {
    double distortion;
    double own_cut;
    double splashes;  ///< of neighbours that capture
  };

  [[nodiscard]] static SideMeans means_of(const SideShares& look);
  [[nodiscard]] Edge at(std::size_t edge, const SideMeans& earlier, const SideMeans& recent) const;
  [[nodiscard]] double capture() const;
  [[nodiscard]] double mean(double earlier, double recent) const;

  double if_hz_;
  Means recent_;
  Means earlier_;
  double recent_share_ = 1;  ///< of the time of both
};

}  // namespace fmrx::dsp
