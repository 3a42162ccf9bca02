// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/iq_recording.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "rt/run.hpp"
#include "sink/made_up_disk.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using Catch::Matchers::ContainsSubstring;
using sink::IqRecording;
using sink::IqRecordingOptions;

namespace {

constexpr std::size_t kRate = 250'000;
constexpr std::size_t kBlock_samples = 5'000;  // 20 ms
constexpr std::size_t kSample_bytes = 2;

std::vector<std::byte> noise(std::size_t samples) {
  std::minstd_rand random(1);
  std::vector<std::byte> bytes(samples * kSample_bytes);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() >> 8 & 0xFF);
  return bytes;
}

IqRecordingOptions options_of(const std::string& stem) {
  IqRecordingOptions options;
  options.stem = stem;
  options.meta.format = IqFormat::cu8;
  options.meta.rate = SampleRate(kRate);
  options.meta.centre = Hertz(92.5e6);
  return options;
}

recording::OpenFolder in(const std::string& path) {
  return [path] { return recording::open_folder(path, false); };
}

/// Writes blocks of `bytes`, of which the second is a gap, as a pipeline does.
rt::Task<bool> record(IqRecording& recording, const std::vector<std::byte>& bytes) {
  co_await recording.open();
  std::span<const std::byte> rest = bytes;
  bool wanted = true;
  for (int block = 0; wanted && !rest.empty(); ++block) {
    const std::size_t size = std::min(rest.size(), kBlock_samples * kSample_bytes);
    wanted = co_await recording.write({IqFormat::cu8, rest.first(size)}, block == 1);
    rest = rest.subspan(size);
  }
  co_await recording.finish();
  co_return wanted;
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool holds(const std::string& path, const std::vector<std::byte>& bytes) {
  const std::string text = contents(path);
  return std::ranges::equal(std::as_bytes(std::span(text)), bytes);
}

}  // namespace

TEST_CASE("a pair holds every byte that was written, what it is, and where nothing was received") {
  const test::TemporaryFolder folder;
  const std::vector<std::byte> bytes = noise(3 * kBlock_samples + 17);
  rt::EventLoop loop;
  IqRecording recording(in(folder.file("")), options_of("x"));
  CHECK(rt::run(loop, record(recording, bytes)));
  CHECK(holds(folder.file("x.sigmf-data"), bytes));
  const std::string text = contents(folder.file("x.sigmf-meta"));
  const auto meta = recording::parse_sigmf(text);
  REQUIRE(meta.has_value());
  CHECK(meta->format == IqFormat::cu8);
  CHECK(meta->rate == SampleRate(kRate));
  CHECK(meta->centre == Hertz(92.5e6));
  CHECK_THAT(text, ContainsSubstring("\"core:sample_start\": 5000,\n      \"core:sample_count\": 5000"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.file("")), {}) == 2);  // no .part
}

TEST_CASE("a pair that exists is left alone, unless it is to be overwritten") {
  for (const char* there : {"x.sigmf-data", "x.sigmf-meta"}) {
    const test::TemporaryFolder folder;
    std::ofstream(folder.file(there)) << "mine";
    rt::EventLoop loop;
    const std::vector<std::byte> bytes = noise(100);
    IqRecording refused(in(folder.file("")), options_of("x"));
    CHECK_THROWS_WITH(rt::run(loop, record(refused, bytes)), ContainsSubstring("--overwrite"));
    CHECK(contents(folder.file(there)) == "mine");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.file("")), {}) == 1);

    IqRecordingOptions options = options_of("x");
    options.overwrite = true;
    IqRecording allowed(in(folder.file("")), options);
    CHECK(rt::run(loop, record(allowed, bytes)));
    CHECK(holds(folder.file("x.sigmf-data"), bytes));
    CHECK(recording::parse_sigmf(contents(folder.file("x.sigmf-meta"))).has_value());
  }
}

TEST_CASE("what a run that was cut short has left stays a pair") {
  const test::TemporaryFolder folder;
  std::ofstream(folder.file("x.sigmf-data.part")) << "data";
  std::ofstream(folder.file("x.sigmf-meta.part")) << "meta";
  rt::EventLoop loop;
  IqRecording recording(in(folder.file("")), options_of("x"));
  CHECK(rt::run(loop, record(recording, noise(100))));
  CHECK(contents(folder.file("x-1.sigmf-data")) == "data");
  CHECK(contents(folder.file("x-1.sigmf-meta")) == "meta");
}

TEST_CASE("a disk that fills up leaves whole samples, and says how many") {
  test::Disk disk;
  disk.fails_at = kRate + 1;  // half a second, and half a sample
  disk.error = ENOSPC;
  rt::EventLoop loop;
  IqRecording recording([&] { return std::make_unique<test::DiskFolder>(disk); }, options_of("x"));
  CHECK_THROWS_WITH(
      rt::run(loop, record(recording, noise(4 * kRate))),
      ContainsSubstring("x.sigmf-data ends after 0.5 s: ") && ContainsSubstring("can be played"));
  CHECK(disk.files["x.sigmf-data"] == kRate);
  CHECK(disk.files.count("x.sigmf-meta") == 1);
}

TEST_CASE("a folder that is not there is refused") {
  rt::EventLoop loop;
  IqRecording recording(in("/nonexistent/folder"), options_of("x"));
  CHECK_THROWS_WITH(rt::run(loop, recording.open()), ContainsSubstring("cannot write x.sigmf-data"));
}

TEST_CASE("what the source lost begins a new capture, with its place among all samples") {
  const test::TemporaryFolder folder;
  IqRecordingOptions options = options_of("x");
  options.live = true;
  rt::EventLoop loop;
  IqRecording recording(in(folder.file("")), options);
  const std::vector<std::byte> block = noise(kBlock_samples);
  const auto play = [](IqRecording& to, IqView samples) -> rt::Task<void> {
    co_await to.open();
    static_cast<void>(co_await to.write(samples, false));
    static_cast<void>(co_await to.write(samples, false));
    to.lost(777);
    static_cast<void>(co_await to.write(samples, false));
    co_await to.finish();
  };
  rt::run(loop, play(recording, {IqFormat::cu8, block}));
  CHECK(recording.samples_dropped() == 0);
  const std::string text = contents(folder.file("x.sigmf-meta"));
  CHECK_THAT(text, ContainsSubstring("\"core:sample_start\": 0,\n      \"core:global_index\": 0,"));
  CHECK_THAT(text, ContainsSubstring("\"core:sample_start\": 10000,\n      \"core:global_index\": 10777,"));
  CHECK_THAT(text, ContainsSubstring("\"core:datetime\": \""));
  CHECK(std::filesystem::file_size(folder.file("x.sigmf-data")) == 3 * kBlock_samples * kSample_bytes);
}

TEST_CASE("with a live source a disk that stalls for 16 s costs nothing; what is lost by more is counted") {
  constexpr int kBlocksPerSecond = kRate / kBlock_samples;
  struct Case {
    int stall_s;
    bool loses;
  };
  for (const Case& entry : {Case{16, false}, Case{40, true}}) {
    CAPTURE(entry.stall_s);
    test::Disk disk;
    IqRecordingOptions options = options_of("x");
    options.live = true;
    rt::EventLoop loop;
    IqRecording recording([&] { return std::make_unique<test::DiskFolder>(disk); }, options);
    const std::vector<std::byte> block = noise(kBlock_samples);
    const auto play = [](IqRecording& to, IqView samples, test::Disk& on, int blocks) -> rt::Task<void> {
      co_await to.open();
      on.stall();
      for (int i = 0; i < blocks; ++i) static_cast<void>(co_await to.write(samples, false));
      on.go_on();
      co_await to.finish();
    };
    const int blocks = entry.stall_s * kBlocksPerSecond;
    const auto samples = static_cast<std::uint64_t>(blocks) * kBlock_samples;
    rt::run(loop, play(recording, {IqFormat::cu8, block}, disk, blocks));
    CHECK((recording.samples_dropped() > 0) == entry.loses);
    CHECK(disk.files["x.sigmf-data"] == (samples - recording.samples_dropped()) * kSample_bytes);
  }
}
