// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/drift_loop.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::dsp::DriftLoop;

namespace {

constexpr double kStep_s = 0.25;

/// A writer whose clock is off by `drift_ppm`, and what the loop makes of it.
struct Clocks {
  DriftLoop loop;
  double excess_s = 0;

  void run(double seconds, double drift_ppm) {
    for (double t = 0; t < seconds; t += kStep_s) {
      excess_s += (drift_ppm - loop.speed_ppm()) * 1e-6 * kStep_s;
      loop.update(excess_s, kStep_s);
    }
  }
};

}  // namespace

TEST_CASE("a drift is known within 5 ppm after 20 seconds, within 0.1 ppm after ten minutes") {
  for (const double drift : {-200.0, -30.0, 0.0, 150.0, 200.0}) {
    Clocks clocks;
    clocks.run(20, drift);
    CHECK_THAT(clocks.loop.drift_ppm(), WithinAbs(drift, 5));
    CHECK(std::fabs(clocks.excess_s) < 0.5e-3);
    clocks.run(600, drift);
    CHECK_THAT(clocks.loop.drift_ppm(), WithinAbs(drift, 0.1));
    CHECK_THAT(clocks.excess_s, WithinAbs(0, 1e-6));
  }
}

TEST_CASE("the delay strays by less than 0.5 ms while a large drift is learnt") {
  Clocks clocks;
  double furthest_s = 0;
  for (int i = 0; i < 400; ++i) {
    clocks.run(kStep_s, 200);
    furthest_s = std::max(furthest_s, std::fabs(clocks.excess_s));
  }
  CHECK(furthest_s < 0.5e-3);
}

TEST_CASE("a delay that is off comes back without overshooting by a quarter") {
  Clocks clocks;
  clocks.run(300, 40);
  clocks.excess_s = 1e-3;
  double lowest_s = 0;
  for (int i = 0; i < 1200; ++i) {
    clocks.run(kStep_s, 40);
    lowest_s = std::min(lowest_s, clocks.excess_s);
  }
  CHECK(lowest_s > -0.25e-3);
  CHECK_THAT(clocks.excess_s, WithinAbs(0, 1e-5));
}

TEST_CASE("what a stall has done to the delay is taken back within 15 seconds, and not taken for drift") {
  for (const double step_s : {5e-3, -5e-3}) {
    Clocks clocks;
    clocks.run(300, -110);
    clocks.excess_s += step_s;
    double furthest_ppm = 0;
    for (int i = 0; i < 15 * 4; ++i) {
      clocks.run(kStep_s, -110);
      furthest_ppm = std::max(furthest_ppm, std::fabs(clocks.loop.drift_ppm() + 110));
    }
    CHECK(furthest_ppm < 5);
    CHECK(std::fabs(clocks.excess_s) < 1e-3);
  }
}

TEST_CASE("the speed never leaves its limits, and the loop comes back from them") {
  Clocks clocks;
  clocks.excess_s = 0.1;
  clocks.run(10, 0);
  CHECK(clocks.loop.speed_ppm() <= DriftLoop::kLargest_ppm + 2 * DriftLoop::kFastestReturn_ppm);
  CHECK(clocks.loop.speed_ppm() >= DriftLoop::kFastestReturn_ppm);
  CHECK(clocks.loop.drift_ppm() <= DriftLoop::kLargest_ppm);
  clocks.excess_s = 0;
  clocks.run(600, -20);
  CHECK_THAT(clocks.loop.drift_ppm(), WithinAbs(-20, 0.5));
}
