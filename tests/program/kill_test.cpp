// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// kill -9 in the midst of a recording: what the files are worth then.
#include <signal.h>
#include <sndfile.h>
#include <unistd.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using namespace fmrx::test;

namespace {

constexpr long kSecond_frames = 48'000;
constexpr long kFrame_bytes = 4;
/// What a crash may cost.
constexpr long kMostLost_frames = 5 * kSecond_frames;

long setting(const char* name, long otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::atol(text);
}

/// Frames that libsndfile reads from the file, to its end.
long frames_in(const std::string& path) {
  SF_INFO info{};
  SNDFILE* const file = ::sf_open(path.c_str(), SFM_READ, &info);
  if (file == nullptr) return -1;
  std::vector<short> piece(8'192);
  long frames = 0;
  for (;;) {
    const sf_count_t count = ::sf_readf_short(file, piece.data(), static_cast<sf_count_t>(piece.size() / 2));
    if (count <= 0) break;
    frames += static_cast<long>(count);
  }
  ::sf_close(file);
  return frames;
}

/// Whether that program, where it is installed and knows the format, reads the file to its end
/// and finds so much in it.
bool others_can_read(const std::string& path, long least_frames) {
  const auto finds_enough = [&](const std::string& decode) {
    const std::string command =
        decode + " 2>/dev/null | { test $(wc -c) -ge " + std::to_string(least_frames * kFrame_bytes) + "; }";
    return std::system(command.c_str()) == 0;
  };
  const auto has = [](const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
  };
  const bool sox_knows = has("sox --version") && has("soxi " + path);
  return (!sox_knows || finds_enough("sox " + path + " -t raw -e signed -b 16 -")) &&
         (!has("ffmpeg -version") || finds_enough("ffmpeg -v error -i " + path + " -f s16le -"));
}

}  // namespace

TEST_CASE("a killed recording plays, in every format, and lacks at most 5 s") {
  // FMRX_KILLS=50 FMRX_SEED=2 for more of them, and other moments.
  std::mt19937 random(static_cast<unsigned>(setting("FMRX_SEED", 1)));
  std::uniform_int_distribution<long> moment_frames(6 * kSecond_frames, 9 * kSecond_frames);
  for (long kill = setting("FMRX_KILLS", 1); kill > 0; --kill) {
    const TemporaryFolder folder;
    std::vector<std::string> arguments{"-q", "--source", "sim", "--realtime", "-s", "256k", "-o", "-"};
    const std::vector<std::string> names{"x.wav", "x.flac", "x.opus", "x.ogg", "x.mp3"};
    for (const std::string& name : names) {
      arguments.emplace_back("-o");
      arguments.push_back(folder.file(name));
    }
    const std::string iq = folder.file("x.sigmf-data");
    const std::string archive = folder.file("archive/");
    arguments.insert(arguments.end(), {"--iq", iq, "-o", archive});
    Pipe pipe;
    ChildProcess program(with_arguments(arguments, -1, pipe.write_end.get()));
    pipe.write_end.reset();
    // What came through the pipe has been recorded, too, or is on its way.
    const long killed_at = moment_frames(random);
    long heard = 0;
    std::vector<char> piece(65'536);
    while (heard < killed_at) {
      const ssize_t count = ::read(pipe.read_end.get(), piece.data(), piece.size());
      REQUIRE(count > 0);
      heard += static_cast<long>(count) / kFrame_bytes;
    }
    program.signal(SIGKILL);
    REQUIRE(program.wait(kPatience) == 128 + SIGKILL);
    // 256 kS/s of two bytes.
    CHECK(static_cast<long>(contents(iq + ".part").size() / 512'000) >=
          (killed_at - kMostLost_frames) / kSecond_frames);
    CHECK(contents(folder.file("x.sigmf-meta.part")).find("\"core:sample_rate\": 256000") !=
          std::string::npos);
    for (const std::string& name : names) {
      const std::string path = folder.file(name + ".part");
      CAPTURE(name, killed_at);
      const long frames = frames_in(path);
      CHECK(frames >= killed_at - kMostLost_frames);
      CHECK(frames <= killed_at + kSecond_frames);
      CHECK(others_can_read(path, killed_at - kMostLost_frames));
      if (std::getenv("FMRX_KILLS") != nullptr)
        WARN(name << " lacks " << static_cast<double>(killed_at - frames) / 48'000 << " s");
    }

    // The next run lists what this one has left.
    const Run next = run(with_arguments(
        {"-q", "--source", "sim", "-s", "256k", "-t", "1", "-o", archive, "--name", "next.flac"}));
    CHECK(next.status == 0);
    const std::string index = contents(archive + "index.jsonl");
    const std::size_t left = index.find("-1.flac\"");
    REQUIRE(left != std::string::npos);
    CHECK(index.find("\"complete\":false", left) != std::string::npos);
    const std::size_t name_begin = index.rfind('"', left) + 1;
    const std::string name = index.substr(name_begin, left + 7 - name_begin);
    CHECK(index.find("\"frames\":" + std::to_string(frames_in(archive + name)) + ",", left) !=
          std::string::npos);
  }
}
