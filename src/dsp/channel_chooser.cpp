// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/channel_chooser.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace fmrx::dsp {
namespace {

constexpr double kFast_s = 0.1;
constexpr double kSlow_s = 1.0;
/// How soon the station's own width and its neighbours are believed to have grown, and
/// to have gone: a pause in the programme is no reason to narrow, nor a neighbour's to widen.
constexpr double kOwnGrows_s = 0.3;
constexpr double kOwnShrinks_s = 8;
/// At first, before it is known how rare a neighbour's loud moments are, and later.
constexpr double kNeighboursFadeFirst_s = 1;
constexpr double kNeighboursFade_s = 5;
constexpr double kUnsteadinessFades_s = 0.3;

/// A few looks are not enough to choose by, and some more fluctuate too much to be
/// remembered for long.
constexpr std::uint64_t kChoosesFrom = 8;
constexpr std::uint64_t kFirstLooks = 24;
/// While the audio fades in, every look counts.
constexpr double kStart_s = 0.06;

/// The widest filter within so much of the least damage is taken; a narrower one
/// replaces it when it has become worse by so much.
constexpr double kAsGood = 1.03;
constexpr double kWorse = 1.2;
constexpr double kWidenAfter_s = 1.0;
/// The station itself has become louder and is cut off.
constexpr double kMuchWorse = 4;
constexpr double kWidenSoonAfter_s = 0.3;

/// Stations of this share, outside what the station itself reaches, may have captured
/// the discriminator; then the envelope is theirs and says nothing.
constexpr double kCaptures = 0.3;
constexpr std::size_t kReachEdge = 8;
static_assert(kChannelEdges_Hz[kReachEdge] == 82e3);

/// A steady envelope is that of one station alone, and its mean frequency tells whose. Neighbours begin
/// at 100 kHz; a deep note moves the mean of the first looks by up to 40 kHz.
constexpr double kSteady = 0.03;
constexpr double kOurs_Hz = 55e3;

constexpr double kInaudible = 3e-4;

/// Of the noise's estimate and of the noise in a few milliseconds.
constexpr double kNoiseFluctuates = 1.1;

double towards(double from, double to, double gain) {
  return from + gain * (to - from);
}

void average_into(SideCells& mean, const SideCells& cells, double gain) {
  for (std::size_t i = 0; i < kCellsPerSide; ++i) mean[i] += static_cast<float>(gain) * (cells[i] - mean[i]);
}

/// The sums of cells up to any position, linear inside a cell.
class CellSums {
 public:
  explicit CellSums(const SideCells& cells) {
    for (std::size_t i = 0; i < kCellsPerSide; ++i) sums_[i + 1] = sums_[i] + static_cast<double>(cells[i]);
  }

  [[nodiscard]] double up_to(double position) const {
    const auto whole = static_cast<std::size_t>(position);
    if (whole >= kCellsPerSide) return all();
    return sums_[whole] + (position - static_cast<double>(whole)) * (sums_[whole + 1] - sums_[whole]);
  }
  [[nodiscard]] double all() const { return sums_.back(); }

 private:
  std::array<double, kCellsPerSide + 1> sums_{};
};

}  // namespace

ChannelChooser::ChannelChooser(double if_hz, ChannelEdges first, bool held)
    : if_hz_(if_hz), survey_(if_hz), held_(held), edges_(first) {
  // The last 8 % of the IF's half are the filter's own slope.
  usable_edges_ = static_cast<std::size_t>(
      std::ranges::count_if(kChannelEdges_Hz, [&](double edge_hz) { return edge_hz < 0.42 * if_hz; }));
}

void ChannelChooser::look(std::span<const float, PowerSpectrum::kPoints> spectrum,
                          const Unsteadiness& unsteadiness, double seconds) {
  average(cells_of(spectrum), seconds);
  noise_ = survey_.noise(slow_);
  const Sides<SideSurvey> sorted = survey_.sort(slow_, noise_);
  const double carrier = carrier_of(sorted);
  if (!(carrier > 0)) return;
  noise_per_hz_ = noise_ / survey_.cell_hz() / carrier;
  follow(sorted.below, fast_.below, carrier, shares_.below, seconds);
  follow(sorted.above, fast_.above, carrier, shares_.above, seconds);
  bound_neighbours(unsteadiness, seconds);
  if (held_ || !unsteadiness.filtered || looks_ < kChoosesFrom) return;
  const ChannelEdges before = edges_;
  decide(seconds);
  if (edges_ != before) filtered_unsteadiness_ = 0;  // another filter, another envelope
}

void ChannelChooser::average(const ChannelCells& cells, double seconds) {
  ++looks_;
  age_s_ += seconds;
  const double newest = 1 / static_cast<double>(looks_);
  const double fast = std::max(newest, std::min(1.0, seconds / kFast_s));
  const double slow = std::max(newest, std::min(1.0, seconds / kSlow_s));
  average_into(fast_.below, cells.below, fast);
  average_into(fast_.above, cells.above, fast);
  average_into(slow_.below, cells.below, slow);
  average_into(slow_.above, cells.above, slow);
  const double latest = 1 / static_cast<double>(++looks_since_taken_);
  average_into(since_taken_.below, cells.below, latest);
  average_into(since_taken_.above, cells.above, latest);
}

double ChannelChooser::carrier_of(const Sides<SideSurvey>& sorted) {
  return CellSums(sorted.below.own).all() + CellSums(sorted.above.own).all();
}

/// Neighbours are those of the last tenth of a second, told apart by what a second has shown.
void ChannelChooser::follow(const SideSurvey& sorted, const SideCells& latest, double carrier,
                            SideShares& followed, double seconds) const {
  SideCells foreign;
  for (std::size_t i = 0; i < kCellsPerSide; ++i) foreign[i] = sorted.foreign_share[i] * latest[i];
  const bool first = looks_ <= kFirstLooks;
  const double grows = first ? 1 : std::min(1.0, seconds / kOwnGrows_s);
  const double shrinks = first ? 1 : std::min(1.0, seconds / kOwnShrinks_s);
  const double memory_s = std::clamp(age_s_, kNeighboursFadeFirst_s, kNeighboursFade_s);
  const double fades = first ? 1 : std::min(1.0, seconds / memory_s);
  const CellSums own(sorted.own);
  const CellSums foreign_sum(foreign);
  for (std::size_t edge = 0; edge < kEdges; ++edge) {
    const double position = edge_hz(edge) / survey_.cell_hz();
    const double cut = std::max(0.0, own.all() - own.up_to(position)) / carrier;
    const double in = foreign_sum.up_to(position) / carrier;
    double& own_cut = followed.own_cut[edge];
    double& let_in = followed.let_in[edge];
    own_cut = towards(own_cut, cut, cut > own_cut ? grows : shrinks);
    let_in = std::max(in, towards(let_in, in, fades));
  }
}

/// A neighbour makes the envelope vary by its power. What looks like one and does not is a part
/// of the station: a deep note, a test tone's side bands, a station out of tune. Where a
/// stronger station farther off rules the whole IF's envelope, the filtered one must tell.
void ChannelChooser::bound_neighbours(const Unsteadiness& latest, double seconds) {
  const double fades = std::min(1.0, seconds / kUnsteadinessFades_s);
  const auto held = [&](double before, double now) { return std::max(now, towards(before, now, fades)); };
  open_unsteadiness_ = looks_ == 1 ? latest.open : held(open_unsteadiness_, latest.open);
  if (latest.filtered) filtered_unsteadiness_ = held(filtered_unsteadiness_, *latest.filtered);

  const auto far = [&](ChannelEdges edges) {
    const ChannelEdges near{std::min(edges.below, kReachEdge), std::min(edges.above, kReachEdge)};
    return let_in_seen(edges) - let_in_seen(near);
  };
  const ChannelEdges open{};
  neighbours_bound_ = 1;
  const double by_noise = kNoiseFluctuates * noise_per_hz_ * if_hz_;
  const double beyond_noise = open_unsteadiness_ - by_noise;
  const bool is_alone = beyond_noise < kSteady && std::abs(survey_.centre_hz(slow_)) < kOurs_Hz;
  if (is_alone || far(open) <= kCaptures) {
    bound(let_in_seen(open), beyond_noise);
  } else if (far(edges_) <= kCaptures) {
    bound(let_in_seen(edges_), filtered_unsteadiness_);
  }
}

void ChannelChooser::bound(double seen, double unsteadiness) {
  if (seen > 0) neighbours_bound_ = std::clamp(2 * unsteadiness / seen, 0.0, 1.0);
}

bool ChannelChooser::starting() const {
  return age_s_ < kStart_s;
}

void ChannelChooser::decide(double seconds) {
  const Choice choice = choose();
  if (starting()) {
    edges_ = choice.edges;
    return;
  }
  const double now = damage(edges_) + unavoidable_damage();
  if (now > kWorse * choice.least_damage) {
    edges_.below = std::min(edges_.below, choice.edges.below);
    edges_.above = std::min(edges_.above, choice.edges.above);
  }
  const ChannelEdges wider{std::max(edges_.below, choice.edges.below),
                           std::max(edges_.above, choice.edges.above)};
  if (wider == edges_) {
    wished_s_ = 0;
    return;
  }
  wish_ = wished_s_ == 0
              ? wider
              : ChannelEdges{std::min(wish_.below, wider.below), std::min(wish_.above, wider.above)};
  wished_s_ += seconds;
  if (wished_s_ < (now > kMuchWorse * choice.least_damage ? kWidenSoonAfter_s : kWidenAfter_s)) return;
  edges_ = wish_;
  wished_s_ = 0;
}

ChannelChooser::Choice ChannelChooser::choose() const {
  const double unavoidable = unavoidable_damage();
  const double wide_open = damage({}) + unavoidable;
  // All is well, as it mostly is: no filter can be worth its while.
  if (wide_open <= kAsGood * unavoidable) return {{}, wide_open};

  std::array<std::size_t, kEdges> candidates{};
  std::size_t count = 0;
  for (std::size_t edge = 0; edge < usable_edges_; ++edge) candidates[count++] = edge;
  candidates[count++] = kOpenEdge;

  std::array<std::array<double, kEdges>, kEdges> damages{};
  double least = wide_open;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < count; ++k) {
      damages[i][k] = damage({candidates[i], candidates[k]}) + unavoidable;
      least = std::min(least, damages[i][k]);
    }
  }
  // The widest of those that are as good, and the evenest of those as wide.
  const auto width = [](std::size_t i, std::size_t k) { return std::pair(i + k, std::min(i, k)); };
  std::pair<std::size_t, std::size_t> widest{0, 0};
  ChannelEdges edges{0, 0};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < count; ++k) {
      if (damages[i][k] > kAsGood * least || width(i, k) < widest) continue;
      widest = width(i, k);
      edges = {candidates[i], candidates[k]};
    }
  }
  return {edges, least};
}

double ChannelChooser::edge_hz(std::size_t edge) const {
  return edge == kOpenEdge ? if_hz_ / 2 : std::min(kChannelEdges_Hz[edge], if_hz_ / 2);
}

double ChannelChooser::own_cut(ChannelEdges edges) const {
  return shares_.below.own_cut[edges.below] + shares_.above.own_cut[edges.above];
}

double ChannelChooser::let_in_seen(ChannelEdges edges) const {
  return shares_.below.let_in[edges.below] + shares_.above.let_in[edges.above];
}

double ChannelChooser::let_in(ChannelEdges edges) const {
  return neighbours_bound_ * let_in_seen(edges);
}

/// Predicted power in the mono audio, 1.0 = 100 % modulation; fits to simulations with
/// quiet, loud and spoken programmes and a tone of full deviation.
double ChannelChooser::damage(ChannelEdges edges) const {
  const double cut = own_cut(edges);
  const double foreign = let_in(edges);
  const double noise = noise_per_hz_ * (edge_hz(edges.below) + edge_hz(edges.above));
  const double distortion = 0.32 * std::pow(cut, 1.6);
  // The louder station captures the discriminator; below -35 dB nothing is heard of it.
  const double splashes = 0.63 * std::pow(std::max(foreign - kInaudible, 0.0), 1.75);
  // The carrier's envelope falls to zero, and the phase slips: S. O. Rice's clicks.
  const double clicks = 0.3 * std::exp(-1 / std::max(foreign + noise, 1e-3));
  // More of them while the carrier is on the filter's slope.
  const double clicks_on_slope = 0.25 * std::pow(cut, 1.2) * std::sqrt(noise);
  return distortion + splashes + clicks + clicks_on_slope;
}

/// Noise by the linear law, 37.2 dB below C/N with 50 us, and what nobody hears.
double ChannelChooser::unavoidable_damage() const {
  return 1.9e-4 * noise_per_hz_ * 200e3 + 1e-9;
}

ChannelCondition ChannelChooser::condition() const {
  return {noise_per_hz_, let_in(edges_), own_cut(edges_), edges_};
}

std::optional<double> ChannelChooser::take_noise_per_hz() {
  if (std::exchange(looks_since_taken_, 0) == 0) return std::nullopt;
  const double noise = survey_.noise(since_taken_);
  const double carrier = carrier_of(survey_.sort(since_taken_, noise));
  if (!(carrier > 0)) return std::numeric_limits<double>::infinity();
  return noise / survey_.cell_hz() / carrier;
}

}  // namespace fmrx::dsp
