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
/// How soon the station's own width is believed to have grown, and to have shrunk: a pause in the
/// programme says nothing of it.
constexpr double kOwnGrows_s = 0.3;
constexpr double kOwnShrinks_s = 8;
/// Neighbours, and the envelope that they make vary, are known at once and believed for so long.
constexpr double kNeighboursFade_s = 0.3;

/// A few looks are not enough to choose by, and of some more only the mean is worth remembering.
constexpr std::uint64_t kChoosesFrom = 8;
constexpr std::uint64_t kFirstLooks = 24;
/// While the audio fades in, every look counts.
constexpr double kStart_s = 0.06;

/// The widest filter within so much of the least damage is chosen, and replaces one that has become
/// worse by so much.
constexpr double kAsGood = 1.01;
constexpr double kWorse = 1.05;

/// Stations of this share, outside what the station itself reaches, may have captured
/// the discriminator; then the envelope is theirs and says nothing.
constexpr double kCaptures = 0.3;
constexpr std::size_t kReachEdge = 8;
static_assert(kChannelEdges_Hz[kReachEdge] == 82e3);

/// A steady envelope is that of one station alone, and its mean frequency tells whose. Neighbours begin
/// at 100 kHz; a deep note moves the mean of the first looks by up to 40 kHz.
constexpr double kSteady = 0.03;
constexpr double kOurs_Hz = 55e3;

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
  CellSums(const SideCells& cells, const SideCells& share) {
    for (std::size_t i = 0; i < kCellsPerSide; ++i)
      sums_[i + 1] = sums_[i] + static_cast<double>(share[i] * cells[i]);
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
    : if_hz_(if_hz), survey_(if_hz), held_(held), damage_(if_hz), edges_(first) {
  // The last 8 % of the IF's half are the filter's own slope.
  usable_edges_ = static_cast<std::size_t>(
      std::ranges::count_if(kChannelEdges_Hz, [&](double edge_hz) { return edge_hz < 0.42 * if_hz; }));
}

void ChannelChooser::look(std::span<const float, PowerSpectrum::kPoints> spectrum,
                          const Unsteadiness& unsteadiness, double seconds) {
  const ChannelCells latest = cells_of(spectrum);
  average(latest, seconds);
  noise_ = survey_.noise(slow_);
  const Sides<SideSurvey> sorted = survey_.sort(slow_, noise_);
  const double carrier = carrier_of(sorted);
  if (!(carrier > 0)) return;
  noise_per_hz_ = noise_ / survey_.cell_hz() / carrier;
  follow(shares_of(fast_, sorted, carrier), seconds);
  bound_neighbours(unsteadiness, seconds);
  if (held_) return;
  const bool first = looks_ <= kFirstLooks;
  if (first) damage_ = ChannelDamage(if_hz_);
  damage_.add(bounded(shares_of(first ? fast_ : latest, sorted, carrier)), seconds);
  if (!unsteadiness.filtered || looks_ < kChoosesFrom) return;
  const ChannelEdges before = edges_;
  decide();
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

/// Of cells, as sorted by what a second has shown.
Sides<SideShares> ChannelChooser::shares_of(const ChannelCells& cells, const Sides<SideSurvey>& sorted,
                                            double carrier) const {
  return {shares_of(cells.below, sorted.below, carrier), shares_of(cells.above, sorted.above, carrier)};
}

SideShares ChannelChooser::shares_of(const SideCells& cells, const SideSurvey& sorted, double carrier) const {
  const CellSums own(cells, sorted.own_share);
  const CellSums foreign(cells, sorted.foreign_share);
  SideShares shares;
  for (std::size_t edge = 0; edge < kEdges; ++edge) {
    const double position = edge_hz(edge, if_hz_) / survey_.cell_hz();
    shares.own_cut[edge] = std::max(0.0, own.all() - own.up_to(position)) / carrier;
    shares.let_in[edge] = foreign.up_to(position) / carrier;
  }
  return shares;
}

Sides<SideShares> ChannelChooser::bounded(Sides<SideShares> shares) const {
  for (SideShares* side : {&shares.below, &shares.above})
    for (double& let_in : side->let_in) let_in *= neighbours_bound_;
  return shares;
}

/// What the meters say, and what the envelope is compared with.
void ChannelChooser::follow(const Sides<SideShares>& lately, double seconds) {
  follow(lately.below, shares_.below, seconds);
  follow(lately.above, shares_.above, seconds);
}

void ChannelChooser::follow(const SideShares& lately, SideShares& followed, double seconds) const {
  const bool first = looks_ <= kFirstLooks;
  const double grows = first ? 1 : std::min(1.0, seconds / kOwnGrows_s);
  const double shrinks = first ? 1 : std::min(1.0, seconds / kOwnShrinks_s);
  const double fades = first ? 1 : std::min(1.0, seconds / kNeighboursFade_s);
  for (std::size_t edge = 0; edge < kEdges; ++edge) {
    double& own_cut = followed.own_cut[edge];
    double& let_in = followed.let_in[edge];
    own_cut = towards(own_cut, lately.own_cut[edge], lately.own_cut[edge] > own_cut ? grows : shrinks);
    let_in = std::max(lately.let_in[edge], towards(let_in, lately.let_in[edge], fades));
  }
}

/// A neighbour makes the envelope vary by its power. What looks like one and does not is a part
/// of the station: a deep note, a test tone's side bands, a station out of tune. Where a
/// stronger station farther off rules the whole IF's envelope, the filtered one must tell.
void ChannelChooser::bound_neighbours(const Unsteadiness& latest, double seconds) {
  const double fades = std::min(1.0, seconds / kNeighboursFade_s);
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

void ChannelChooser::decide() {
  const Choice choice = choose();
  if (starting() || damage(edges_) > kWorse * choice.least_damage) edges_ = choice.edges;
}

ChannelChooser::Choice ChannelChooser::choose() const {
  const double wide_open = damage({});
  // All is well, as it mostly is: no filter can be worth its while.
  if (wide_open <= kAsGood * unavoidable_damage()) return {{}, wide_open};

  std::array<std::size_t, kEdges> candidates{};
  std::size_t count = 0;
  for (std::size_t edge = 0; edge < usable_edges_; ++edge) candidates[count++] = edge;
  candidates[count++] = kOpenEdge;

  std::array<std::array<double, kEdges>, kEdges> damages{};
  double least = wide_open;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < count; ++k) {
      damages[i][k] = damage({candidates[i], candidates[k]});
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

double ChannelChooser::let_in_seen(ChannelEdges edges) const {
  return shares_.below.let_in[edges.below] + shares_.above.let_in[edges.above];
}

double ChannelChooser::damage(ChannelEdges edges) const {
  return damage_.of(edges, noise_per_hz_) + unavoidable_damage();
}

/// Noise by the linear law, 37.2 dB below C/N with 50 us, and what nobody hears.
double ChannelChooser::unavoidable_damage() const {
  return 1.9e-4 * noise_per_hz_ * 200e3 + 1e-9;
}

ChannelCondition ChannelChooser::condition() const {
  const double own_cut = shares_.below.own_cut[edges_.below] + shares_.above.own_cut[edges_.above];
  return {noise_per_hz_, neighbours_bound_ * let_in_seen(edges_), own_cut, edges_};
}

std::optional<double> ChannelChooser::take_noise_per_hz() {
  if (std::exchange(looks_since_taken_, 0) == 0) return std::nullopt;
  const double noise = survey_.noise(since_taken_);
  const double carrier = carrier_of(survey_.sort(since_taken_, noise));
  if (!(carrier > 0)) return std::numeric_limits<double>::infinity();
  return noise / survey_.cell_hz() / carrier;
}

}  // namespace fmrx::dsp
