// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Batches, hooks and lost signals, as a user meets them.
#include <sndfile.h>

#include <filesystem>
#include <fstream>
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

}  // namespace

TEST_CASE("a frequency without a station ends with status 4, and the index says from when") {
  const TemporaryFolder folder;
  const Run done = run(with_arguments({"--source", "sim", "-f", "101M", "-t", "60", "-o", folder.file("a/"),
                                       "--name", "x.wav", "--require-signal", "10s"}));
  CHECK(done.status == 4);
  CHECK_THAT(done.errors, ContainsSubstring("no signal for 0:10"));
  // 10 s, and the blocks that were under way.
  CHECK(frames_in(folder.file("a/x.wav")) >= 480'000);
  CHECK(frames_in(folder.file("a/x.wav")) < 600'000);
  CHECK_THAT(contents(folder.file("a/index.jsonl")), ContainsSubstring(R"("no_signal":[{"start")"));
}

TEST_CASE("a split recording runs the command for each file and lacks no frame") {
  const TemporaryFolder folder;
  const Run done = run(
      with_arguments({"-q", "--source", "sim", "-f", "92.7M", "-t", "25", "-o", folder.file("a/"), "--name",
                      "{number}.wav", "--split", "7s", "--on-file", "echo file {path} {frames} {status}"}));
  REQUIRE(done.status == 0);
  long frames = 0;
  for (const char* name : {"0001.wav", "0002.wav", "0003.wav", "0004.wav"}) {
    const std::string path = folder.file("a/") + name;
    const long here = frames_in(path);
    CHECK(here > 0);
    frames += here;
    CHECK_THAT(done.errors, ContainsSubstring("file " + path + " " + std::to_string(here) + " complete"));
  }
  CHECK(frames == 25 * 48'000);
}

TEST_CASE("a batch of IQ files does all that can be done, and tells what cannot") {
  const TemporaryFolder folder;
  const std::string good = folder.file("good_92.7M_256k.cu8");
  const std::string other = folder.file("other_92.7M_256k.cu8");
  for (const std::string& path : {good, other})
    REQUIRE(run(with_arguments({"sim", "-f", "92.7M", "-s", "256k", "-t", "1", "--iq", path})).status == 0);
  const Run done = run(with_arguments({"batch", "-o", folder.file("out"), "--format", "wav", good,
                                       folder.file("missing_256k.cu8"), other, "--", "--mono"}));
  CHECK(done.status == 3);
  CHECK(frames_in(folder.file("out/good_92.7M_256k.wav")) == 48'000);
  CHECK(frames_in(folder.file("out/other_92.7M_256k.wav")) == 48'000);
  CHECK_THAT(done.errors, ContainsSubstring("2 of 3 files done, 1 failed"));
}

TEST_CASE("jobs that were over before the batch began are nothing to do") {
  const TemporaryFolder folder;
  const std::string path = folder.file("jobs.toml");
  std::ofstream(path) << "[[job]]\nname = 'old'\nfreq = '92.7M'\nstart = '2020-01-01T20:00'\nlength = '1h'\n";
  CHECK(run(with_arguments({"batch", "--dry-run", path})).status == 0);
  const Run done = run(with_arguments({"batch", path}));
  CHECK(done.status == 0);
  CHECK_THAT(done.errors, ContainsSubstring("jobs: none"));
  CHECK(run(with_arguments({"batch", folder.file("missing.toml")})).status == 2);
}
