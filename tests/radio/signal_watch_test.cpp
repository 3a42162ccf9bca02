// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "radio/signal_watch.hpp"

#include "support/catch2.hpp"

using namespace fmrx;
using radio::SignalWatch;
using Change = SignalWatch::Change;

namespace {

constexpr std::uint64_t kTenth = 4'800;

/// The changes that so many tenths of a second at that carrier to noise bring.
int changes(SignalWatch& watch, std::uint64_t& frame, int tenths, double cn_db) {
  int count = 0;
  for (int i = 0; i < tenths; ++i) {
    frame += kTenth;
    if (watch.observe(frame, Decibels(cn_db)) != Change::none) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a signal is lost after three seconds of hiss, and found after one of signal") {
  SignalWatch watch;
  std::uint64_t frame = 0;
  CHECK(changes(watch, frame, 100, 20) == 0);
  CHECK(changes(watch, frame, 29, 3) == 0);
  CHECK(watch.has_signal());
  CHECK(changes(watch, frame, 1, 3) == 1);
  CHECK_FALSE(watch.has_signal());
  CHECK(watch.frames_without(frame) == 30 * kTenth);
  CHECK(changes(watch, frame, 9, 20) == 0);
  CHECK(changes(watch, frame, 1, 20) == 1);
  CHECK(watch.has_signal());
  CHECK(watch.frames_without(frame) == 0);
}

TEST_CASE("a signal at the edge does not come and go") {
  SignalWatch watch;
  std::uint64_t frame = 0;
  changes(watch, frame, 100, 5.9);
  REQUIRE_FALSE(watch.has_signal());
  CHECK(changes(watch, frame, 1'000, 7.9) == 0);
  CHECK(changes(watch, frame, 20, 8.1) == 1);
  CHECK(changes(watch, frame, 1'000, 6.1) == 0);
}

TEST_CASE("fades of two seconds are no loss, and a crackle of half a second is no signal") {
  SignalWatch watch;
  std::uint64_t frame = 0;
  for (int i = 0; i < 20; ++i) {
    CHECK(changes(watch, frame, 20, 0) == 0);
    CHECK(changes(watch, frame, 1, 20) == 0);
  }
  changes(watch, frame, 40, 0);
  REQUIRE_FALSE(watch.has_signal());
  for (int i = 0; i < 20; ++i) {
    CHECK(changes(watch, frame, 5, 20) == 0);
    CHECK(changes(watch, frame, 1, 0) == 0);
  }
}
