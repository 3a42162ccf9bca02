// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/clock_loss.hpp"

#include <cstdint>
#include <functional>

#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::source;

namespace {

constexpr SampleRate kRate{2'400'000};
/// A transfer of 15.625 ms.
constexpr std::uint64_t kTransfer = 37'500;

/// So many transfers of a dongle whose crystal is off by so much; `lateness_s` delays each, and
/// `is_lost` says which never arrive.
std::uint64_t lost(
    int transfers, double ppm, const std::function<double(int)>& lateness_s,
    const std::function<bool(int)>& is_lost = [](int) { return false; }) {
  ClockLoss loss(kRate);
  std::uint64_t arrived = 0;
  for (int i = 0; i < transfers; ++i) {
    if (is_lost(i)) continue;
    arrived += kTransfer;
    const double produced_s = (i + 1) * static_cast<double>(kTransfer) / (kRate.hz() * (1 + ppm * 1e-6));
    loss.arrived(ClockLoss::Time(produced_s + lateness_s(i)), arrived);
  }
  return loss.samples_lost();
}

double on_time(int /*transfer*/) {
  return 0.001;
}

/// Up to 40 ms late, and half a second from time to time: a busy machine.
double busy(int transfer) {
  return transfer % 500 == 499 ? 0.5 : 0.001 + 0.013 * (transfer * 7 % 4);
}

constexpr int kHour = 3600 * 64;

}  // namespace

TEST_CASE("neither a busy machine nor a crystal that is off looks like a loss") {
  for (const double ppm : {-150.0, 0.0, 150.0}) {
    CHECK(lost(kHour, ppm, on_time) == 0);
    CHECK(lost(kHour, ppm, busy) == 0);
  }
}

TEST_CASE("one lost transfer in an hour is counted, to a tenth of it") {
  const std::uint64_t counted = lost(kHour, 0, busy, [](int i) { return i == kHour / 2; });
  CHECK(counted > kTransfer * 9 / 10);
  CHECK(counted < kTransfer * 11 / 10);
}

TEST_CASE("a steady loss of one percent is counted to a fiftieth of it, whatever the crystal") {
  for (const double ppm : {-100.0, 0.0, 100.0}) {
    const double share =
        static_cast<double>(lost(kHour, ppm, busy, [](int i) { return i % 100 == 50; })) / kHour / kTransfer;
    // The crystal's 100 ppm cannot be told from a loss of as much: 1 % of 1 %.
    CHECK(share > 0.0098);
    CHECK(share < 0.0102);
  }
}

TEST_CASE("a gap that is known is no loss") {
  ClockLoss loss(kRate);
  for (unsigned i = 0; i < 1000; ++i) loss.arrived(ClockLoss::Time(i * 0.015625), i * kTransfer);
  loss.restart();
  for (unsigned i = 0; i < 1000; ++i) loss.arrived(ClockLoss::Time(60 + i * 0.015625), i * kTransfer);
  CHECK(loss.samples_lost() == 0);
}
