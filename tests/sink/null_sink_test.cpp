// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/null_sink.hpp"

#include "rt/run.hpp"
#include "sink/audio_feed.hpp"
#include "support/catch2.hpp"

using namespace fmrx;

TEST_CASE("the null sink takes everything and ends with the channel") {
  rt::EventLoop loop;
  const auto sink = sink::make_null_sink();
  CHECK(rt::run(loop, test::deliver(*sink, test::noise(96'000))) == sink::SinkEnd::finished);
  CHECK(sink->buffered().count() == 0);
}
