// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The program beside real sound servers that come and go. What takes longer, and is measured rather
// than checked, is in sound_measurements.cpp.

#include "support/sound_server.hpp"

#include <sndfile.h>

#include <optional>
#include <string>

#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace std::chrono_literals;
using namespace fmrx;
using namespace fmrx::test;

namespace {

std::int64_t frames_of(const std::string& wav) {
  SF_INFO info{};
  SNDFILE* const file = ::sf_open(wav.c_str(), SFM_READ, &info);
  REQUIRE(file != nullptr);
  ::sf_close(file);
  return info.frames;
}

}  // namespace

TEST_CASE("a recording does not notice that the sound server beside it dies and comes back", "[sound]") {
  if (!can_have_server()) return;
  const TemporaryFolder folder;
  const std::string wav = folder.file("x.wav");
  std::optional<SoundServer> server(std::in_place);
  ChildProcess program(with_arguments({"--source", "sim", "--realtime", "-o", "play", "-o", wav, "-t", "5"}));
  REQUIRE_FALSE(program.wait(1s));
  server->die();
  server.reset();
  CHECK(program.wait_for_message("it will play on when that is back", 2s * kSlowness));
  server.emplace();
  CHECK(program.wait_for_message("sound card: back after", 2s * kSlowness));
  const auto status = program.wait(kPatience);
  INFO(program.errors());
  CHECK(status == 0);
  CHECK(frames_of(wav) == 5 * 48'000);
}
