// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/channel_damage.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fmrx::dsp {
namespace {

/// What is older than two of these is forgotten: a neighbour's loud moments are seconds apart.
constexpr double kPeriod_s = 15;

// Powers in the mono audio, fitted to simulations (docs/signal-chain.md).

/// Of side bands that are cut off on one side: times their power to 1.75.
constexpr double kDistortion = 0.1;

/// A share of the neighbours' power that is let in, the more the farther off the carrier it lies.
constexpr double kSplash_per_Hz = 5e-7;
/// Of so much in a look nothing is heard.
constexpr double kInaudible = 1e-6;
/// While the neighbour has captured the discriminator.
constexpr double kMostSplash = 0.5;
/// Of power p, in carriers, it does in a share exp(-this / p) of its loud moments.
constexpr double kCapturingPower = 0.7;

/// The carrier's envelope falls to zero, and the phase slips: S. O. Rice's clicks. There are more of
/// them while the carrier is on the filter's slope.
constexpr double kClicks = 0.1;
constexpr double kClicksOnSlope = 0.1;
/// Of noise to carrier: with less there are none.
constexpr double kLeastNoise = 1e-3;

void move_towards(double& mean, double other, double share) {
  mean += share * (other - mean);
}

void move_towards(std::array<double, kEdges>& mean, const std::array<double, kEdges>& other, double share) {
  for (std::size_t edge = 0; edge < kEdges; ++edge) move_towards(mean[edge], other[edge], share);
}

}  // namespace

void ChannelDamage::Means::include(const Means& other) {
  seconds += other.seconds;
  const double share = other.seconds / seconds;
  for (auto side : {&Sides<SideMeans>::below, &Sides<SideMeans>::above}) {
    move_towards((sides.*side).distortion, (other.sides.*side).distortion, share);
    move_towards((sides.*side).own_cut, (other.sides.*side).own_cut, share);
    move_towards((sides.*side).audible, (other.sides.*side).audible, share);
  }
  move_towards(neighbours, other.neighbours, share);
  move_towards(neighbours_squared, other.neighbours_squared, share);
}

void ChannelDamage::add(const Sides<SideShares>& look, double seconds) {
  if (recent_.seconds >= kPeriod_s) earlier_ = std::exchange(recent_, {});
  const double neighbours = look.below.let_in[kOpenEdge] + look.above.let_in[kOpenEdge];
  recent_.include(
      {{means_of(look.below), means_of(look.above)}, neighbours, neighbours * neighbours, seconds});
  recent_share_ = recent_.seconds / (earlier_.seconds + recent_.seconds);
}

ChannelDamage::SideMeans ChannelDamage::means_of(const SideShares& look) {
  SideMeans means{{}, look.own_cut, {}};
  for (std::size_t edge = 0; edge < kEdges; ++edge) {
    const double root = std::sqrt(look.own_cut[edge]);
    means.distortion[edge] = kDistortion * look.own_cut[edge] * root * std::sqrt(root);
    means.audible[edge] = std::max(look.let_in[edge] - kInaudible, 0.0);
  }
  return means;
}

double ChannelDamage::of(ChannelEdges edges, double noise_per_hz) const {
  const Edge below = at(edges.below, earlier_.sides.below, recent_.sides.below);
  const Edge above = at(edges.above, earlier_.sides.above, recent_.sides.above);
  const double captured = capture() * (below.splashes + above.splashes);
  const double splashes = captured / (1 + captured / kMostSplash);
  const double noise = noise_per_hz * (edge_hz(edges.below, if_hz_) + edge_hz(edges.above, if_hz_));
  const double clicks = kClicks * std::exp(-1 / std::max(noise, kLeastNoise));
  const double clicks_on_slope =
      kClicksOnSlope * std::pow(below.own_cut + above.own_cut, 1.2) * std::sqrt(noise);
  return below.distortion + above.distortion + splashes + clicks + clicks_on_slope;
}

ChannelDamage::Edge ChannelDamage::at(std::size_t edge, const SideMeans& earlier,
                                      const SideMeans& recent) const {
  return {mean(earlier.distortion[edge], recent.distortion[edge]),
          mean(earlier.own_cut[edge], recent.own_cut[edge]),
          kSplash_per_Hz * edge_hz(edge, if_hz_) * mean(earlier.audible[edge], recent.audible[edge])};
}

/// By the neighbours' power while they are there. FM comes and goes: on and off with power p, they
/// have the mean d p and the mean square d p^2.
double ChannelDamage::capture() const {
  const double squared = mean(earlier_.neighbours_squared, recent_.neighbours_squared);
  if (!(squared > 0)) return 0;
  return std::exp(-kCapturingPower * mean(earlier_.neighbours, recent_.neighbours) / squared);
}

double ChannelDamage::mean(double earlier, double recent) const {
  return earlier + recent_share_ * (recent - earlier);
}

}  // namespace fmrx::dsp
