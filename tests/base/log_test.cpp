// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/log.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <thread>

#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using fmrx::test::stderr_of;

namespace {

/// Sets a level, and the default again in the end.
struct WithLevel {
  explicit WithLevel(log::Level level) { log::set_level(level); }
  ~WithLevel() { log::set_level(log::Level::info); }
  WithLevel(const WithLevel&) = delete;
  WithLevel& operator=(const WithLevel&) = delete;
};

void say_all() {
  log::debug("d");
  log::info("i");
  log::warn("w");
  log::error("e");
}

}  // namespace

TEST_CASE("each message is one line, and warnings and errors are marked") {
  CHECK(stderr_of([] { say_all(); }) == "fmrx: i\nfmrx: warning: w\nfmrx: error: e\n");
}

TEST_CASE("the level decides what is said") {
  SECTION("debug says all") {
    const WithLevel level(log::Level::debug);
    CHECK(stderr_of([] { say_all(); }) == "fmrx: d\nfmrx: i\nfmrx: warning: w\nfmrx: error: e\n");
  }
  SECTION("error says only what went wrong") {
    const WithLevel level(log::Level::error);
    CHECK(stderr_of([] { say_all(); }) == "fmrx: error: e\n");
  }
}

TEST_CASE("a message cannot pretend to be two, nor be taken for a format") {
  CHECK(stderr_of([] { log::info("a\nfmrx: b {} %s"); }) == "fmrx: a\\x0afmrx: b {} %s\n");
}

TEST_CASE("messages of several threads do not mix") {
  constexpr int kLines = 500;
  const std::string text = stderr_of([] {
    const auto talk = [](char letter) {
      for (int i = 0; i < kLines; ++i) log::info(std::string(100, letter));
    };
    std::thread other(talk, 'b');
    talk('a');
    other.join();
  });

  std::istringstream lines(text);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const bool whole = line == "fmrx: " + std::string(100, 'a') || line == "fmrx: " + std::string(100, 'b');
    if (!whole) FAIL("mixed line: " << line);
  }
  CHECK(count == 2 * kLines);
}

TEST_CASE("the bottom line steps aside for each message") {
  struct Recorder : log::BottomLine {
    void clear() noexcept override { static_cast<void>(!::write(STDERR_FILENO, "<", 1)); }
    void redraw() noexcept override { static_cast<void>(!::write(STDERR_FILENO, ">", 1)); }
  } bottom;

  const std::string text = stderr_of([&] {
    log::set_bottom_line(&bottom);
    log::info("one");
    log::debug("not said");
    log::set_bottom_line(nullptr);
    log::info("two");
  });
  CHECK(text == "<fmrx: one\n>fmrx: two\n");
}

TEST_CASE("nowhere to write to is no error") {
  const fmrx::UniqueFd saved(::dup(STDERR_FILENO));
  ::close(STDERR_FILENO);
  log::error("lost");
  ::dup2(saved.get(), STDERR_FILENO);
  SUCCEED("still here");
}
