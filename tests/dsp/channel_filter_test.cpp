// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/channel_filter.hpp"

#include <cmath>
#include <complex>
#include <vector>

#include "support/catch2.hpp"
#include "support/fm_modulator.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::Hertz;
using namespace fmrx::dsp;

namespace {

constexpr double kIf_Hz = 480e3;

/// A signal of which the filter finds what it needs from before each block.
class Signal {
 public:
  static constexpr std::size_t kBlock = 4800;

  /// Room for the next block.
  ComplexRoom next() {
    for (BlockStream* const part : {&re_, &im_}) part->begin_block(kBlock);
    return {re_.extend(kBlock), im_.extend(kBlock)};
  }

 private:
  BlockStream re_{ChannelFilter::history(kIf_Hz), kBlock};
  BlockStream im_{re_};
};

/// A station of 1 kHz and 60 kHz deviation, and a neighbour so far above it and so much stronger;
/// on `both` sides two.
ChannelFilter settled(double neighbour_hz, double stronger_db, bool both = false) {
  fmrx::test::FmModulator station(kIf_Hz, 0, 0.01);
  station.tone(1000, 60e3, 60e3).noise(50);
  fmrx::test::FmModulator neighbour(kIf_Hz, neighbour_hz, 0.01 * std::pow(10.0, stronger_db / 20));
  neighbour.tone(1500, 20e3, 20e3);
  fmrx::test::FmModulator opposite(kIf_Hz, -neighbour_hz, both ? 0.01 * std::pow(10.0, stronger_db / 20) : 0);
  opposite.tone(1700, 20e3, 20e3);
  ChannelFilter filter(best_kernels(), kIf_Hz, std::nullopt, Signal::kBlock);
  Signal signal;
  for (std::size_t at = 0; at < 240'000; at += Signal::kBlock) {
    const ComplexRoom block = signal.next();
    for (std::size_t n = 0; n < Signal::kBlock; ++n) {
      const std::complex<double> z =
          station.sample(at + n) + neighbour.sample(at + n) + opposite.sample(at + n);
      block.re[n] = static_cast<float>(z.real());
      block.im[n] = static_cast<float>(z.imag());
    }
    static_cast<void>(filter.process(block));
  }
  return filter;
}

double edge_hz(std::size_t edge) {
  return edge == kOpenEdge ? kIf_Hz / 2 : kChannelEdges_Hz[edge];
}

}  // namespace

TEST_CASE("every channel width passes, halves and stops where it says") {
  for (const double edge_hz : kChannelEdges_Hz) {
    const ChannelFilter filter(best_kernels(), kIf_Hz, Hertz(2 * edge_hz), 64);
    for (double f_hz = 0; f_hz <= kIf_Hz / 2; f_hz += 1000) {
      const double gain = std::abs(filter.response(f_hz));
      INFO("edge " << edge_hz << " at " << f_hz);
      if (f_hz <= edge_hz - 12.5e3) CHECK_THAT(gain, WithinAbs(1, 1e-4));  // 80 dB
      if (f_hz >= edge_hz + 12.5e3) CHECK_THAT(gain, WithinAbs(0, 1e-4));
    }
    CHECK_THAT(std::abs(filter.response(edge_hz)), WithinAbs(0.5, 0.01));
  }
}

TEST_CASE("a station without neighbours has the whole IF") {
  const ChannelFilter filter = settled(200e3, -120);
  CHECK(filter.bandwidth() == Hertz(kIf_Hz));
}

TEST_CASE("a neighbour narrows its own side, the more the stronger it is") {
  const double side = GENERATE(-1.0, 1.0);
  double earlier_hz = kIf_Hz / 2;
  for (const double stronger_db : {20.0, 40.0}) {
    const ChannelEdges edges = settled(side * 200e3, stronger_db).condition().edges;
    const double near_hz = edge_hz(side > 0 ? edges.above : edges.below);
    const double far_hz = edge_hz(side > 0 ? edges.below : edges.above);
    INFO("neighbour " << side * 200 << " kHz, " << stronger_db << " dB");
    // The neighbour's side bands begin below 180 kHz, the station's end above 60 kHz.
    CHECK(near_hz < 165e3);
    CHECK(near_hz > 60e3);
    CHECK(near_hz <= earlier_hz);
    CHECK(far_hz > near_hz);
    earlier_hz = near_hz;
  }
}

TEST_CASE("neighbours on both sides, whose common middle is the station, narrow both") {
  const double stronger_db = GENERATE(0.0, 20.0, 40.0);
  const ChannelEdges edges = settled(200e3, stronger_db, true).condition().edges;
  INFO(stronger_db << " dB");
  CHECK(edge_hz(edges.above) < 180e3);
  CHECK(edge_hz(edges.below) < 180e3);
}

TEST_CASE("a change of width makes no click") {
  // A steady carrier through a filter that starts narrow and opens: nothing but its fade.
  ChannelFilter filter(best_kernels(), kIf_Hz, std::nullopt, Signal::kBlock);
  Signal signal;
  float last = 1;
  for (int block = 0; block < 50; ++block) {
    const ComplexRoom in = signal.next();
    std::fill(in.re.begin(), in.re.end(), 1.0F);
    std::fill(in.im.begin(), in.im.end(), 0.0F);
    const ComplexView out = filter.process(in);
    for (std::size_t n = block == 0 ? 200 : 0; n < out.size(); ++n) {
      REQUIRE(std::fabs(out.re[n] - last) < 3e-4);  // twice the filters' ripple
      last = out.re[n];
    }
  }
  CHECK(filter.bandwidth() == Hertz(kIf_Hz));
}
