// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Ctrl-C at random moments: the right exit status within half a second, and valid files.
//
// FMRX_INTERRUPTS sets how often each case is tried (5, with sanitizers 2); FMRX_SEED which moments are
// chosen.

#include <fcntl.h>
#include <sndfile.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/sound_server.hpp"
#include "support/stall_meter.hpp"
#include "support/temporary_folder.hpp"

using namespace std::chrono_literals;
using namespace fmrx::test;

namespace {

constexpr auto kHalfASecond = 500ms * kSlowness;

int setting(const char* name, int otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::atoi(text) : otherwise;
}

/// Of each case.
int tries() {
  return setting("FMRX_INTERRUPTS", kSlowness == 1 ? 5 : 2);
}

struct NothingToCheck {
  void operator()() const {}
};

/// Starts the program again and again and interrupts it at a random moment of its first
/// half second.
void interrupt_often(const std::function<ChildProcess::Setup()>& setup,
                     const std::function<void()>& check = NothingToCheck()) {
  std::mt19937 random(static_cast<unsigned>(setting("FMRX_SEED", 1)));
  std::uniform_int_distribution<int> moment_ms(1, 500 * kSlowness);
  StallMeter meter;
  for (int i = 0; i < tries(); ++i) {
    ChildProcess program(setup());
    const int moment = moment_ms(random);
    INFO("interrupted after " << moment << " ms");
    const auto early = program.wait(std::chrono::milliseconds(moment));
    INFO(program.errors());
    REQUIRE_FALSE(early);
    meter.reset();
    const auto asked = std::chrono::steady_clock::now();
    program.signal(i % 2 == 0 ? SIGINT : SIGTERM);
    const auto status = program.wait(10s * kSlowness);
    const auto took = std::chrono::steady_clock::now() - asked;
    INFO(program.errors());
    REQUIRE(status);
    // Before the program has set up its handlers, the signal ends it as any program.
    const bool before_it_ran = program.errors().empty() && moment<50 * kSlowness&& * status> 128;
    if (!before_it_ran) CHECK(*status == 0);
    CHECK(took < kHalfASecond + meter.stalled());
    check();
  }
}

/// A WAV file may be absent (interrupted before it was created) but never broken.
void check_wav(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) return;
  SF_INFO info{};
  SNDFILE* const file = ::sf_open(path.c_str(), SFM_READ, &info);
  INFO(path);
  REQUIRE(file != nullptr);
  CHECK(info.samplerate == 48'000);
  CHECK(info.channels == 2);
  std::vector<float> samples(static_cast<std::size_t>(info.frames) * 2);
  CHECK(::sf_readf_float(file, samples.data(), info.frames) == info.frames);
  ::sf_close(file);
  struct stat on_disk {};
  REQUIRE(::stat(path.c_str(), &on_disk) == 0);
  // The header tells of all that is there: 16-bit stereo behind at most 1 KiB of chunks.
  CHECK(on_disk.st_size - info.frames * 4 >= 44);
  CHECK(on_disk.st_size - info.frames * 4 < 1024);
}

}  // namespace

TEST_CASE("an interrupted recording of the simulator is a valid file") {
  const TemporaryFolder folder;
  const std::string wav = folder.file("x.wav");
  interrupt_often(
      [&] {
        return with_arguments({"--source", "sim", "-f", "92.7M", "-o", wav, "--overwrite"});
      },
      [&] { check_wav(wav); });
}

TEST_CASE("a pipe that nobody reads does not hold up the end") {
  const Pipe pipe;
  interrupt_often([&] {
    return with_arguments({"--source", "sim", "-f", "92.7M", "-o", "-"}, -1, pipe.write_end.get());
  });
}

TEST_CASE("standard input that gives nothing does not hold up the end") {
  const Pipe pipe;
  interrupt_often([&] {
    return with_arguments({"--source", "-", "-s", "240k", "--iq-format", "cu8", "-o", "none"},
                          pipe.read_end.get());
  });
}

TEST_CASE("two interrupted files are both valid") {
  const TemporaryFolder folder;
  const std::string first = folder.file("first.wav");
  const std::string second = folder.file("second.wav");
  interrupt_often(
      [&] {
        return with_arguments({"--source", "sim", "-f", "92.7M", "-o", first, "-o", second, "--overwrite"});
      },
      [&] {
        check_wav(first);
        check_wav(second);
      });
}

TEST_CASE("a machine without a sound server leaves the exit status right", "[sound]") {
  // Interrupted, or because there is nothing to play on: whichever comes first.
  sound_folder();
  std::mt19937 random(static_cast<unsigned>(setting("FMRX_SEED", 1)));
  std::uniform_int_distribution<int> moment_ms(30 * kSlowness, 120 * kSlowness);
  StallMeter meter;
  for (int i = 0; i < tries(); ++i) {
    ChildProcess program(with_arguments({"--source", "sim"}));
    program.wait(std::chrono::milliseconds(moment_ms(random)));
    meter.reset();
    const auto asked = std::chrono::steady_clock::now();
    program.signal(SIGINT);
    const auto status = program.wait(kPatience);
    const auto took = std::chrono::steady_clock::now() - asked;
    INFO(program.errors());
    REQUIRE(status);
    CHECK(took < kHalfASecond + meter.stalled());
    if (program.errors().find("error") == std::string::npos) {
      CHECK((*status == 0 || (program.errors().empty() && *status > 128)));
    } else {
      CHECK(*status == 5);
    }
  }
}

TEST_CASE("a frozen sound server does not hold up the end", "[sound]") {
  if (!can_have_server()) return;
  // A new one each time: what was interrupted leaves its connection in a frozen one's queue.
  std::optional<SoundServer> server;
  interrupt_often([&] {
    server.reset();
    server.emplace();
    server->freeze();
    return with_arguments({"--source", "sim"});
  });
}

TEST_CASE("a sound server that freezes while it plays does not hold up the end", "[sound]") {
  if (!can_have_server()) return;
  for (int i = 0; i < tries(); ++i) {
    SoundServer server;
    StallMeter meter;
    ChildProcess program(with_arguments({"--source", "sim"}));
    REQUIRE_FALSE(program.wait(700ms * kSlowness));
    server.freeze();
    REQUIRE_FALSE(program.wait(20ms * i));
    meter.reset();
    const auto asked = std::chrono::steady_clock::now();
    program.signal(SIGINT);
    const auto status = program.wait(kPatience);
    const auto took = std::chrono::steady_clock::now() - asked;
    INFO(program.errors());
    CHECK(status == 0);
    CHECK(took < kHalfASecond + meter.stalled());
    server.thaw();
  }
}

TEST_CASE("an interrupted listener leaves at once", "[sound]") {
  if (!can_have_server()) return;
  const SoundServer server;
  interrupt_often([&] { return with_arguments({"--source", "sim"}); });
}

#ifdef FMRX_USB_STAND_IN
TEST_CASE("a dongle that hangs while it opens does not hold up the end") {
  interrupt_often([&] {
    ChildProcess::Setup setup = with_arguments({"-f", "92.7M", "-o", "none"});
    setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN}, {"FMRX_USB", "hang=open"}};
    return setup;
  });
}

TEST_CASE("an interrupted recording from a dongle is a valid file") {
  const TemporaryFolder folder;
  const std::string wav = folder.file("x.wav");
  interrupt_often(
      [&] {
        ChildProcess::Setup setup = with_arguments({"-f", "92.7M", "-o", wav, "--overwrite"});
        setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN}, {"FMRX_USB", "iq=pattern"}};
        return setup;
      },
      [&] { check_wav(wav); });
}
#endif
