// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/channel_damage.hpp"

#include <cmath>

#include "support/catch2.hpp"

using Catch::Matchers::WithinRel;
using namespace fmrx::dsp;

namespace {

constexpr double kIf_Hz = 480e3;
constexpr double kLook_s = 0.02;
constexpr std::size_t kEdge = 8;

/// A neighbour above, of this power in every filter.
Sides<SideShares> neighbour(double power) {
  Sides<SideShares> look;
  look.above.let_in.fill(power);
  return look;
}

void add(ChannelDamage& damage, const Sides<SideShares>& look, int looks) {
  for (int i = 0; i < looks; ++i) damage.add(look, kLook_s);
}

/// A neighbour that is there in one look of `looks`.
ChannelDamage after_burst(double power, int looks) {
  ChannelDamage damage(kIf_Hz);
  add(damage, neighbour(power), 1);
  add(damage, neighbour(0), looks - 1);
  return damage;
}

}  // namespace

TEST_CASE(
    "a station alone is not damaged by an open filter, and by a narrow one as its side bands are cut off") {
  Sides<SideShares> look;
  for (std::size_t edge = 0; edge < kOpenEdge; ++edge)
    look.below.own_cut[edge] = look.above.own_cut[edge] = 0.1 / static_cast<double>(1 + edge);
  ChannelDamage damage(kIf_Hz);
  add(damage, look, 10);
  CHECK(damage.of({}, 0) == 0);
  CHECK_THAT(damage.of({9, kOpenEdge}, 0), WithinRel(0.1 * std::pow(0.01, 1.75), 1e-9));
  CHECK_THAT(damage.of({9, 9}, 0), WithinRel(2 * damage.of({9, kOpenEdge}, 0), 1e-9));
  for (std::size_t edge = 0; edge < kOpenEdge; ++edge)
    CHECK(damage.of({edge, edge}, 0) > damage.of({edge + 1, edge + 1}, 0));
}

TEST_CASE("a neighbour damages by what is let in, the more the farther off it lies, on either side") {
  Sides<SideShares> look;
  look.below.let_in.fill(0.01);
  look.above.let_in.fill(0.01);
  look.above.let_in[kOpenEdge] = 100;  // it captures
  ChannelDamage damage(kIf_Hz);
  add(damage, look, 10);
  const double near = damage.of({0, 0}, 0);
  CHECK_THAT(near, WithinRel(2 * 5e-7 * kChannelEdges_Hz[0] * 0.01, 0.02));
  CHECK_THAT(damage.of({kEdge, kEdge}, 0),
             WithinRel(near * kChannelEdges_Hz[kEdge] / kChannelEdges_Hz[0], 0.02));
  CHECK_THAT(damage.of({kEdge, 0}, 0), WithinRel(damage.of({0, kEdge}, 0), 1e-9));
}

TEST_CASE("a weaker station captures nothing, a stronger one does while it is there") {
  ChannelDamage steady(kIf_Hz);
  add(steady, neighbour(0.1), 100);
  const ChannelDamage coming_and_going = after_burst(10, 100);  // with the same mean
  CHECK(coming_and_going.of({kEdge, kEdge}, 0) > 500 * steady.of({kEdge, kEdge}, 0));
}

TEST_CASE("what is heard of loud moments is their mean") {
  CHECK_THAT(after_burst(10, 100).of({kEdge, kEdge}, 0),
             WithinRel(2 * after_burst(10, 200).of({kEdge, kEdge}, 0), 0.02));
}

TEST_CASE("no neighbour is worse than to be heard instead") {
  ChannelDamage damage(kIf_Hz);
  add(damage, neighbour(1e9), 10);
  CHECK(damage.of({}, 0) <= 0.5);
  CHECK(damage.of({}, 0) > 0.45);
}

TEST_CASE("a neighbour is remembered for 15 s, and forgotten after 30") {
  constexpr int kLooksIn15s = 750;
  CHECK(after_burst(10, kLooksIn15s).of({}, 0) > 0);
  CHECK(after_burst(10, 2 * kLooksIn15s + 4).of({}, 0) == 0);
}

TEST_CASE("against much noise a narrow filter is better, against little it is not") {
  Sides<SideShares> look;
  look.below.own_cut[0] = look.above.own_cut[0] = 0.001;
  ChannelDamage damage(kIf_Hz);
  add(damage, look, 10);
  const auto density = [](double cn_db) { return std::pow(10.0, -cn_db / 10) / 200e3; };
  CHECK(damage.of({0, 0}, density(6)) < damage.of({}, density(6)));
  CHECK(damage.of({0, 0}, density(20)) > damage.of({}, density(20)));
}
