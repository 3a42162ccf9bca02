// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// How a run ends: the exit statuses of the manual, one line for what went wrong, and whole
// files whatever happens.

#include <sndfile.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using namespace fmrx::test;
using Catch::Matchers::ContainsSubstring;

namespace {

long frames_in(const std::string& path) {
  SF_INFO info{};
  SNDFILE* const file = ::sf_open(path.c_str(), SFM_READ, &info);
  if (file == nullptr) return -1;
  ::sf_close(file);
  return static_cast<long>(info.frames);
}

/// Exactly one line, from fmrx, that says what was wrong.
void check_one_line(const std::string& errors) {
  CHECK(std::count(errors.begin(), errors.end(), '\n') == 1);
  CHECK(errors.rfind("fmrx: error: ", 0) == 0);
}

}  // namespace

TEST_CASE("what cannot be opened is one line and its exit status") {
  const TemporaryFolder folder;
  const std::string empty = folder.file("empty.cu8");
  std::ofstream(empty).close();
  const std::string some = folder.file("some.cu8");
  std::ofstream(some) << std::string(1000, 'x');
  const std::string junk = folder.file("junk.wav");
  std::ofstream(junk) << "RIFF but not really a wave file at all";

  struct Case {
    std::vector<std::string> arguments;
    int status;
    std::string says;
  };
  const std::vector<Case> cases{
      {{"--source", "file:" + folder.file("absent.cu8"), "-s", "1M", "-o", "none"}, 3, "absent.cu8"},
      {{"--source", "file:" + folder.file("."), "-s", "1M", "--iq-format", "cu8", "-o", "none"},
       3,
       "directory"},
      {{"--source", "file:" + empty, "-s", "1M", "-o", "none"}, 3, "empty"},
      {{"--source", "file:" + junk, "-o", "none"}, 3, "junk.wav"},
      {{"--source", "file:" + some, "-o", "none"}, 2, "--rate"},
      {{"--source", "file:" + some, "-s", "100k", "-o", "none"}, 2, "100"},
      {{"--source", "file:" + some, "-s", "9M", "-o", "none"}, 2, "9"},
      {{"--source", "file:" + some, "-s", "1M", "--offset", "600k", "-o", "none"}, 2, "600"},
      {{"--source", "sim", "-o", folder.file("no/such/folder.wav")}, 5, "folder.wav"},
      {{"--source", "sim", "-f", "90.0M", "-t", "x"}, 2, "x"},
      {{"-f", "92,7", "-o", "none"}, 2, "92,7"},
      {{"--frequency", "92.7"}, 2, "--frequency"},
  };
  for (const Case& wrong : cases) {
    std::string line;
    for (const std::string& word : wrong.arguments) line += word + " ";
    INFO("fmrx " << line);
    const Run done = run(with_arguments(wrong.arguments));
    INFO(done.errors);
    CHECK(done.status == wrong.status);
    check_one_line(done.errors);
    CHECK_THAT(done.errors, ContainsSubstring(wrong.says));
  }
}

TEST_CASE("help and version are no errors") {
  CHECK(run(with_arguments({"--help"})).status == 0);
  CHECK(run(with_arguments({"--version"})).status == 0);
}

TEST_CASE("an instruction set can be asked for, and one that is not there is an error") {
  ChildProcess::Setup setup = with_arguments({"--source", "sim", "-t", "0.1", "-o", "none", "-v"});
  setup.environment = {{"FMRX_INSTRUCTION_SET", "mmx"}};
  const Run wrong = run(setup);
  CHECK(wrong.status == 2);
  check_one_line(wrong.errors);
  CHECK_THAT(wrong.errors, ContainsSubstring("FMRX_INSTRUCTION_SET is mmx"));
#ifdef __x86_64__
  setup.environment = {{"FMRX_INSTRUCTION_SET", "sse2"}};
  const Run plainest = run(setup);
  CHECK(plainest.status == 0);
  CHECK_THAT(plainest.errors, ContainsSubstring("instruction set sse2"));
#endif
}

TEST_CASE("a reader that has had enough ends the program quietly") {
  Pipe pipe;
  ChildProcess program(with_arguments({"--source", "sim", "-o", "-"}, -1, pipe.write_end.get()));
  pipe.write_end.reset();
  char some[4096];
  REQUIRE(::read(pipe.read_end.get(), some, sizeof some) > 0);
  pipe.read_end.reset();
  REQUIRE(program.wait(kPatience) == 0);
  CHECK_THAT(program.errors(), !ContainsSubstring("error"));
}

TEST_CASE("a reader that goes away leaves the other outputs alone") {
  const TemporaryFolder folder;
  const std::string wav = folder.file("x.wav");
  Pipe pipe;
  ChildProcess program(
      with_arguments({"--source", "sim", "-t", "5", "-o", "-", "-o", wav}, -1, pipe.write_end.get()));
  pipe.write_end.reset();
  char some[4096];
  REQUIRE(::read(pipe.read_end.get(), some, sizeof some) > 0);
  pipe.read_end.reset();
  REQUIRE(program.wait(kPatience) == 0);
  CHECK(frames_in(wav) == 240'000);
}

TEST_CASE("two requests to leave at once are one, as timeout(1) makes them") {
  const TemporaryFolder folder;
  const std::string wav = folder.file("x.wav");
  ChildProcess program(with_arguments({"--source", "sim", "--realtime", "-f", "92.7M", "-o", wav}));
  REQUIRE(program.wait_for_message("92.7", kPatience));
  // Two numbers, so that the system does not make one signal of them.
  program.signal(SIGTERM);
  program.signal(SIGINT);
  CHECK(program.wait(kPatience) == 0);
  CHECK_THAT(program.errors(), !ContainsSubstring("aborted"));
  CHECK(frames_in(wav) >= 0);
}

TEST_CASE("another request after half a second aborts what does not end") {
  const TemporaryFolder folder;
  ChildProcess program(with_arguments({"--source", "sim", "-t", "1", "-o", folder.file("x.wav"), "--on-file",
                                       "sh -c 'echo begins >&2; exec sleep 9'"}));
  REQUIRE(program.wait_for_message("begins", kPatience));
  program.signal(SIGINT);
  // When the first has reached it only the program knows; within half a second of that, they count as one.
  std::optional<int> status;
  while (!(status = program.wait(std::chrono::milliseconds(200)))) program.signal(SIGTERM);
  CHECK(status == 128 + SIGTERM);
  CHECK_THAT(program.errors(), ContainsSubstring("aborted"));
}

TEST_CASE("a full device fails its own output only") {
  if (::access("/dev/full", W_OK) != 0) return;
  const TemporaryFolder folder;
  const std::string wav = folder.file("x.wav");
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const Run done =
      run(with_arguments({"-q", "--source", "sim", "-t", "5", "-o", "-", "-o", wav}, -1, full.get()));
  INFO(done.errors);
  CHECK(done.status == 5);
  check_one_line(done.errors);
  CHECK(frames_in(wav) == 240'000);
}

TEST_CASE("a file that may not grow ends as a valid file") {
  const TemporaryFolder folder;
  const std::string wav = folder.file("x.wav");
  const std::string limited = "ulimit -f 512; exec \"$0\" \"$@\"";  // blocks of 512 or 1024 bytes
  ChildProcess::Setup setup;
  setup.command = {"sh", "-c", limited, FMRX_PROGRAM, "-q", "--source", "sim", "-t", "20", "-o", wav};
  const Run done = run(setup);
  INFO(done.errors);
  CHECK(done.status == 5);
  check_one_line(done.errors);
  CHECK_THAT(done.errors, ContainsSubstring("x.wav"));
  struct stat on_disk {};
  REQUIRE(::stat(wav.c_str(), &on_disk) == 0);
  const long frames = frames_in(wav);
  CHECK(frames > 50'000);
  CHECK(frames * 4 <= on_disk.st_size);
}

TEST_CASE("a truncated recording is played as far as it goes") {
  const TemporaryFolder folder;
  const std::string iq = folder.file("odd_240k.cs16");
  REQUIRE(run(with_arguments({"sim", "--center", "92.7M", "-s", "240k", "-t", "1", "--iq", iq})).status == 0);
  REQUIRE(::truncate(iq.c_str(), 240'000 * 4 - 3) == 0);
  const std::string wav = folder.file("x.wav");
  const Run done = run(with_arguments({"--source", "file:" + iq, "-o", wav}));
  INFO(done.errors);
  CHECK(done.status == 0);
  // One sample is not whole; the last frame needed it.
  CHECK(frames_in(wav) == 47'999);
}

TEST_CASE("--duration and --start cut to the sample") {
  const TemporaryFolder folder;
  const std::string iq = folder.file("x_240k.cu8");
  REQUIRE(run(with_arguments({"sim", "--center", "92.7M", "-s", "240k", "-t", "1", "--iq", iq})).status == 0);
  const std::string wav = folder.file("x.wav");
  REQUIRE(run(with_arguments({"--source", "file:" + iq, "--start", "0.25", "-o", wav})).status == 0);
  CHECK(frames_in(wav) == 36'000);
  REQUIRE(run(with_arguments({"--source", "file:" + iq, "-t", "0.1", "-o", wav, "--overwrite"})).status == 0);
  CHECK(frames_in(wav) == 4'800);
  CHECK(run(with_arguments({"--source", "file:" + iq, "--start", "2", "-o", wav})).status == 2);
}
