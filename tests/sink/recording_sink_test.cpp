// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/recording_sink.hpp"

#include <sndfile.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "rt/run.hpp"
#include "sink/audio_feed.hpp"
#include "sink/sample_format.hpp"
#include "sink/wav_header.hpp"
#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using Catch::Matchers::ContainsSubstring;
using sink::SinkEnd;

namespace {

struct Recording {
  SF_INFO info{};
  std::vector<std::byte> bytes;  ///< of its samples, as they lie in the file
};

/// As a program sees it that knows nothing of fmrx.
Recording read_wav(const std::string& path) {
  Recording recording;
  SNDFILE* const file = ::sf_open(path.c_str(), SFM_READ, &recording.info);
  REQUIRE(file != nullptr);
  recording.bytes.resize(static_cast<std::size_t>(recording.info.frames) * 2 * sizeof(float));
  const sf_count_t size =
      ::sf_read_raw(file, recording.bytes.data(), static_cast<sf_count_t>(recording.bytes.size()));
  recording.bytes.resize(static_cast<std::size_t>(size));
  ::sf_close(file);
  return recording;
}

std::vector<std::byte> encoded(SampleFormat format, const std::vector<float>& samples) {
  std::vector<std::byte> bytes(samples.size() * sink::bytes_per_sample(format));
  sink::encode_samples(format, samples, bytes);
  return bytes;
}

/// Whole frames, and from the first sample on what was to be recorded.
bool is_beginning_of(const Recording& recording, const std::vector<std::byte>& expected) {
  return recording.bytes.size() == static_cast<std::size_t>(recording.info.frames) * 4 &&
         recording.bytes.size() <= expected.size() &&
         std::equal(recording.bytes.begin(), recording.bytes.end(), expected.begin());
}

/// A single file, as `-o PATH.wav` makes it.
std::unique_ptr<sink::Sink> make_wav_sink(const std::string& path, SampleFormat format,
                                          bool overwrite = false) {
  const std::filesystem::path whole(path);
  sink::RecordingOptions options;
  options.samples = format;
  options.overwrite = overwrite;
  options.name = recording::NameTemplate::fixed(whole.filename().string());
  const auto open = [folder = whole.parent_path().string()] { return recording::open_folder(folder, false); };
  return sink::make_recording_sink(open, options, nullptr, {});
}

/// Bytes of the header of a 16 bit file.
std::size_t header_bytes() {
  return sink::wav_file_header({SampleFormat::s16}, {}, 0).size();
}

void record(const std::string& path, SampleFormat format, const std::vector<float>& audio,
            bool overwrite = false) {
  rt::EventLoop loop;
  const auto sink = make_wav_sink(path, format, overwrite);
  const SinkEnd end = rt::run(loop, test::deliver(*sink, audio));
  CHECK(end == SinkEnd::finished);
}

void open_only(const std::string& path) {
  rt::EventLoop loop;
  const auto sink = make_wav_sink(path, SampleFormat::s16);
  rt::run(loop, sink->open());
}

/// No file of this process grows beyond `bytes` while it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &former_);
    const rlimit limited{bytes, former_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &former_); }

 private:
  rlimit former_{};
};

/// A disk of 1 MiB. Only root may mount one.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    std::filesystem::create_directory(path_);
#ifdef __linux__
    mounted_ = ::mount("none", path_.c_str(), "tmpfs", 0, "size=1m") == 0;
#endif
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
#ifdef __linux__
    if (mounted_) ::umount(path_.c_str());
#endif
  }
  [[nodiscard]] bool mounted() const {
    return mounted_;
  }

 private:
  std::string path_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("a recording holds exactly what was delivered, in every format") {
  const test::TemporaryFolder folder;
  const std::vector<float> audio = test::noise(48'123);
  const auto [format, encoding] =
      GENERATE(std::pair(SampleFormat::s16, SF_FORMAT_PCM_16), std::pair(SampleFormat::s24, SF_FORMAT_PCM_24),
               std::pair(SampleFormat::f32, SF_FORMAT_FLOAT));
  record(folder.file("x.wav"), format, audio);
  const Recording recording = read_wav(folder.file("x.wav"));
  CHECK(recording.info.frames == 48'123);
  CHECK(recording.info.channels == 2);
  CHECK(recording.info.samplerate == 48'000);
  CHECK(recording.info.format == (SF_FORMAT_WAV | encoding));
  CHECK(recording.bytes == encoded(format, audio));
}

TEST_CASE("sox reads the same samples") {
  if (std::system("sox --version >/dev/null 2>&1") != 0) {
    WARN("skipped: sox is not installed");
    return;
  }
  const test::TemporaryFolder folder;
  const std::vector<float> audio = test::noise(10'000);
  record(folder.file("x.wav"), SampleFormat::s16, audio);
  const std::string command =
      "sox -D " + folder.file("x.wav") + " -t raw -e signed -b 16 -L " + folder.file("x.raw");
  REQUIRE(std::system(command.c_str()) == 0);
  const std::vector<std::byte> expected = encoded(SampleFormat::s16, audio);
  REQUIRE(std::filesystem::file_size(folder.file("x.raw")) == expected.size());
  std::vector<std::byte> read(expected.size());
  std::FILE* const raw = std::fopen(folder.file("x.raw").c_str(), "rb");
  REQUIRE(std::fread(read.data(), 1, read.size(), raw) == read.size());
  std::fclose(raw);
  CHECK(read == expected);
}

TEST_CASE("a recording of nothing is a valid file") {
  const test::TemporaryFolder folder;
  record(folder.file("x.wav"), SampleFormat::s16, {});
  CHECK(read_wav(folder.file("x.wav")).info.frames == 0);
}

TEST_CASE("a file that exists is left alone, unless it is to be overwritten") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("x.wav");
  record(path, SampleFormat::s16, test::noise(9'000));
  CHECK_THROWS_WITH(open_only(path), ContainsSubstring("x.wav exists") && ContainsSubstring("--overwrite"));
  CHECK(read_wav(path).info.frames == 9'000);
  record(path, SampleFormat::s16, test::noise(100), true);
  CHECK(read_wav(path).info.frames == 100);
}

TEST_CASE("a recording has its name when it is whole, and not before") {
  const test::TemporaryFolder folder;
  rt::EventLoop loop;
  const auto sink = make_wav_sink(folder.file("x.wav"), SampleFormat::s16);
  rt::run(loop, sink->open());
  CHECK(std::filesystem::exists(folder.file("x.wav.part")));
  CHECK_FALSE(std::filesystem::exists(folder.file("x.wav")));
}

TEST_CASE("a name that was taken meanwhile is not taken away") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("x.wav");
  rt::EventLoop loop;
  const auto sink = make_wav_sink(path, SampleFormat::s16);
  const auto take_the_name = [](sink::Sink& to, const std::string& name) -> rt::Task<void> {
    co_await to.open();
    std::ofstream(name) << "mine";
    sink::AudioChannel channel(1);
    channel.close();
    co_await to.run(channel);
  };
  const std::string said = test::stderr_of([&] { rt::run(loop, take_the_name(*sink, path)); });
  CHECK_THAT(said, ContainsSubstring("x.wav was taken meanwhile") && ContainsSubstring("is x-1.wav"));
  CHECK(std::filesystem::file_size(path) == 4);
  CHECK(read_wav(folder.file("x-1.wav")).info.frames == 0);
  CHECK_FALSE(std::filesystem::exists(folder.file("x.wav.part")));
}

TEST_CASE("what a run that was cut short has left is kept under a name of its own") {
  const test::TemporaryFolder folder;
  std::ofstream(folder.file("x.wav.part")) << "left over";
  const std::string said =
      test::stderr_of([&] { record(folder.file("x.wav"), SampleFormat::s16, test::noise(100)); });
  CHECK_THAT(said, ContainsSubstring("x.wav.part was left") && ContainsSubstring("it is x-1.wav now"));
  CHECK(read_wav(folder.file("x.wav")).info.frames == 100);
  CHECK(std::filesystem::file_size(folder.file("x-1.wav")) == 9);
}

TEST_CASE("two recordings into one file are refused") {
  const test::TemporaryFolder folder;
  rt::EventLoop loop;
  const auto first = make_wav_sink(folder.file("x.wav"), SampleFormat::s16);
  rt::run(loop, first->open());
  CHECK_THROWS_WITH(open_only(folder.file("x.wav")), ContainsSubstring("is being recorded by another fmrx"));
}

TEST_CASE("the header is true while the recording goes on") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("x.wav");
  rt::EventLoop loop;
  const auto sink = make_wav_sink(path, SampleFormat::s16);
  const auto look_before_the_end = [](sink::Sink& to, const std::string& at) -> rt::Task<sf_count_t> {
    const std::vector<float> second = test::noise(48'000);
    co_await to.open();
    sink::AudioChannel channel(1);
    sink::SinkEnd end{};
    rt::Scope scope;
    scope.spawn(test::run_sink(to, channel, end));
    for (int i = 0; i < 5; ++i) co_await channel.push(test::block_of(second));
    while (!channel.empty() || to.buffered().count() > 0) co_await rt::yield();
    const sf_count_t frames = read_wav(at + ".part").info.frames;
    channel.close();
    co_await scope.join();
    co_return frames;
  };
  // At most one second is not yet in the header, and the last piece (8192 frames) and the
  // one before it may be on their way.
  CHECK(rt::run(loop, look_before_the_end(*sink, path)) >= 4 * 48'000 - 2 * 8192);
  CHECK(read_wav(path).info.frames == 5 * 48'000);
}

TEST_CASE("a hurried recording is finished with all its audio") {
  const test::TemporaryFolder folder;
  rt::EventLoop loop;
  const auto sink = make_wav_sink(folder.file("x.wav"), SampleFormat::s16);
  const std::vector<float> audio = test::noise(48'000);
  sink->hurry();
  CHECK(rt::run(loop, test::deliver(*sink, audio)) == SinkEnd::finished);
  CHECK(read_wav(folder.file("x.wav")).bytes == encoded(SampleFormat::s16, audio));
}

TEST_CASE("a cancelled recording is a valid file with all that was taken") {
  const test::TemporaryFolder folder;
  const std::vector<float> audio = test::noise(48'000);
  rt::EventLoop loop;
  auto sink = make_wav_sink(folder.file("x.wav"), SampleFormat::s16);
  const auto cancel_while_idle = [](sink::Sink& to, const std::vector<float>& samples) -> rt::Task<void> {
    co_await to.open();
    sink::AudioChannel channel(1);
    co_await channel.push(test::block_of(samples));
    sink::SinkEnd end{};
    rt::Scope scope;
    scope.spawn(test::run_sink(to, channel, end));
    while (!channel.empty()) co_await rt::yield();
    scope.stop();
    co_await scope.join();
  };
  rt::run(loop, cancel_while_idle(*sink, audio));
  sink.reset();
  test::wait_for_threads_left_behind();
  CHECK(read_wav(folder.file("x.wav")).bytes == encoded(SampleFormat::s16, audio));
}

TEST_CASE("a path that cannot be written is refused in one line that says why") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(open_only(folder.file("no-folder/x.wav")),
                    ContainsSubstring("its folder does not exist"));
  std::filesystem::create_directory(folder.file("folder.wav"));
  CHECK_THROWS_WITH(open_only(folder.file("folder.wav")), ContainsSubstring("it is a folder"));
  if (::geteuid() != 0) {  // root may write anywhere
    std::filesystem::create_directory(folder.file("locked"));
    std::filesystem::permissions(folder.file("locked"), std::filesystem::perms::owner_read);
    CHECK_THROWS_WITH(open_only(folder.file("locked/x.wav")), ContainsSubstring("no permission"));
  }
}

TEST_CASE("every refusal has the exit status of outputs") {
  try {
    open_only("/nonexistent/x.wav");
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::output);
  }
}

TEST_CASE("a path's control characters do not reach the terminal") {
  CHECK_THROWS_WITH(open_only("/nonexistent/\x1b[2J.wav"),
                    ContainsSubstring("\\x1b") || ContainsSubstring("\\x1B"));
}

TEST_CASE("a recording that somebody deletes is not called playable") {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("sub"));
  const auto writer =
      sink::make_recording_writer([&] { return recording::open_folder(folder.file("sub"), false); },
                                  sink::RecordingOptions{}, nullptr, {});
  writer->open();
  const std::vector<float> audio = test::noise(96'000);
  CHECK(writer->write(audio));
  std::filesystem::remove_all(folder.file("sub"));
  CHECK_THROWS_WITH(writer->close(), ContainsSubstring("ends after 2.0 s: somebody has deleted it") &&
                                         !ContainsSubstring("played"));
}

TEST_CASE("a file that may not grow is valid up to its limit, in whole frames") {
  const test::TemporaryFolder folder;
  const std::vector<float> audio = test::noise(96'000);
  {
    const FileSizeLimit limit(100'001);
    CHECK_THROWS_WITH(record(folder.file("x.wav"), SampleFormat::s16, audio),
                      ContainsSubstring("x.wav ends after 0.5 s: a file may not grow larger here"));
  }
  const Recording recording = read_wav(folder.file("x.wav"));
  CHECK(recording.info.frames ==
        static_cast<sf_count_t>((100'001 - header_bytes()) / 4));  // frames of 4 bytes
  CHECK(is_beginning_of(recording, encoded(SampleFormat::s16, audio)));
}

TEST_CASE("a full disk leaves a valid file and says how much is in it") {
  const test::TemporaryFolder folder;
  const SmallDisk disk(folder.file("disk"));
  if (!disk.mounted()) {
    WARN("skipped: only root can mount a small disk");
    return;
  }
  const std::vector<float> audio = test::noise(500'000);
  // 2^20 bytes are 5.46 s.
  const std::string said = test::stderr_of([&] {
    CHECK_THROWS_WITH(record(folder.file("disk/x.wav"), SampleFormat::s16, audio),
                      ContainsSubstring("x.wav ends after 5.4 s: the disk is full"));
  });
  CHECK_THAT(said, ContainsSubstring("x.wav: the disk has room for less than a minute"));
  const Recording recording = read_wav(folder.file("disk/x.wav"));
  CHECK(recording.info.frames == static_cast<sf_count_t>(((1U << 20U) - header_bytes()) / 4));
  CHECK(is_beginning_of(recording, encoded(SampleFormat::s16, audio)));
}
