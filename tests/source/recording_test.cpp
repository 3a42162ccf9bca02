// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/recording.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "rt/run.hpp"
#include "rt/sleep.hpp"
#include "source/reading.hpp"
#include "source/wav_file.hpp"
#include "support/can_have_terminal.hpp"
#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"
#include "support/poller_simulated.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using namespace fmrx::source;
using namespace fmrx::test;
using namespace std::chrono_literals;

namespace {

using Opening = rt::Task<std::unique_ptr<Source>>;

/// A loop with workers, in virtual time: whatever a test sleeps takes no time.
struct Bench {
  rt::EventLoop loop{std::make_unique<rt::SimulatedPoller>()};
  rt::Workers workers;
  TemporaryFolder folder;

  std::string file(const std::string& name, std::span<const std::byte> bytes) {
    write_file(folder.file(name), bytes);
    return folder.file(name);
  }
  std::unique_ptr<Source> open(const std::string& path, RecordingOptions options = {}) {
    return rt::run(loop, open_file(path, options, workers));
  }
  Bytes read(const std::string& path, RecordingOptions options = {}) {
    return rt::run(loop, open_and_read_all(open_file(path, options, workers)));
  }
  Bytes read_stdin(int fd, RecordingOptions options) {
    const RedirectedStdin redirected(fd);
    return rt::run(loop, open_and_read_all(open_stdin(options, workers)));
  }
  Error error(const std::string& path, RecordingOptions options = {}) {
    return error_of([&] { read(path, options); });
  }
};

RecordingOptions raw(IqFormat format, std::uint32_t rate = 256'000) {
  RecordingOptions options;
  options.format = format;
  options.rate = SampleRate(rate);
  return options;
}

/// Writes to a pipe from a thread of its own, in pieces of these sizes over and over.
class PipeWriter {
 public:
  PipeWriter(UniqueFd end, Bytes bytes, std::vector<std::size_t> pieces)
      : thread_(&write_pieces, std::move(end), std::move(bytes), std::move(pieces)) {}
  /// A named pipe, which is opened as soon as somebody reads it.
  PipeWriter(std::string path, Bytes bytes, std::vector<std::size_t> pieces)
      : thread_(&open_and_write, std::move(path), std::move(bytes), std::move(pieces)) {}
  PipeWriter(const PipeWriter&) = delete;
  PipeWriter& operator=(const PipeWriter&) = delete;
  ~PipeWriter() { thread_.join(); }

 private:
  static void write_pieces(UniqueFd end, Bytes bytes, std::vector<std::size_t> pieces) {
    std::size_t done = 0;
    for (std::size_t i = 0; done < bytes.size(); ++i) {
      const std::size_t wanted = std::min(pieces[i % pieces.size()], bytes.size() - done);
      const ssize_t count = ::write(end.get(), bytes.data() + done, wanted);
      if (count <= 0) return;
      done += static_cast<std::size_t>(count);
    }
  }

  static void open_and_write(const std::string& path, Bytes bytes, std::vector<std::size_t> pieces) {
    write_pieces(UniqueFd(::open(path.c_str(), O_WRONLY)), std::move(bytes), std::move(pieces));
  }

  std::thread thread_;
};

std::pair<UniqueFd, UniqueFd> make_pipe() {
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

rt::Task<std::vector<rt::Duration>> block_times(Source& source, rt::Duration pause_after_first) {
  std::vector<rt::Duration> times;
  const rt::TimePoint beginning = rt::EventLoop::current().now();
  rt::AsyncGenerator<IqBlock> stream = source.stream();
  for (;;) {
    IqBlock* const block = co_await stream.next();
    if (block == nullptr) break;
    times.push_back(rt::EventLoop::current().now() - beginning);
    if (times.size() == 1) co_await rt::sleep_for(pause_after_first);
  }
  co_return times;
}

rt::Task<void> read_a_block_then(Source& source, std::function<void()> then) {
  rt::AsyncGenerator<IqBlock> stream = source.stream();
  for (bool first = true;; first = false) {
    IqBlock* const block = co_await stream.next();
    if (block == nullptr) break;
    if (first) then();
  }
}

/// All that comes; `then` is done while the first block has not been looked at.
rt::Task<void> read_all_while(Source& source, std::function<void()> then, Bytes& all) {
  rt::AsyncGenerator<IqBlock> stream = source.stream();
  for (bool first = true;; first = false) {
    IqBlock* const block = co_await stream.next();
    if (block == nullptr) break;
    if (first) then();
    const IqView view = block->view();
    all.insert(all.end(), view.bytes.begin(), view.bytes.end());
  }
}

rt::Task<bool> opens_within(rt::Duration time, Opening opening) {
  const auto source = co_await rt::with_timeout(time, std::move(opening));
  co_return source.has_value();
}

}  // namespace

TEST_CASE("raw files of every format give their bytes and what their names say") {
  Bench bench;
  const Bytes bytes = noise_bytes(3'000'000);
  const std::vector<std::pair<std::string, IqFormat>> names{{"a_92.7M_256k.cu8", IqFormat::cu8},
                                                            {"a_92.7M_256k.cs16", IqFormat::cs16},
                                                            {"a_92.7M_256k.cf32", IqFormat::cf32}};
  for (const auto& [name, format] : names) {
    INFO(name);
    const std::string path = bench.file(name, bytes);
    const auto source = bench.open(path);
    CHECK(source->info().name == path);
    CHECK(source->info().format == format);
    CHECK(source->info().rate == SampleRate(256'000));
    CHECK(source->info().centre == Hertz(92.7e6));
    CHECK(source->info().samples == bytes.size() / bytes_per_sample(format));
    CHECK_FALSE(source->info().live);
    CHECK(rt::run(bench.loop, read_all(*source)) == bytes);
  }
}

TEST_CASE("a recording shorter than a block, or shorter than a WAV header, is read whole") {
  Bench bench;
  for (const std::size_t size : {2U, 10U, 12U, 14U, 4096U, 4098U}) {
    INFO(size);
    CHECK(bench.read(bench.file("x_256k.cu8", noise_bytes(size))) == noise_bytes(size));
  }
}

TEST_CASE("options win over a file's name") {
  Bench bench;
  RecordingOptions options = raw(IqFormat::cs16, 1'000'000);
  options.centre = Hertz(100e6);
  const auto source = bench.open(bench.file("a_92.7M_256k.cu8", noise_bytes(4000)), options);
  CHECK(source->info().format == IqFormat::cs16);
  CHECK(source->info().rate == SampleRate(1'000'000));
  CHECK(source->info().centre == Hertz(100e6));
}

TEST_CASE("the same bytes come from a file, a named pipe and standard input, however they are cut") {
  Bench bench;
  const Bytes bytes = noise_bytes(2'000'000);
  const RecordingOptions options = raw(IqFormat::cf32, 2'400'000);
  CHECK(bench.read(bench.file("x", bytes), options) == bytes);

  const std::vector<std::vector<std::size_t>> cuts{{1, 3, 7, 65'536, 5}, {8191}, {1'000'000}};
  for (const auto& pieces : cuts) {
    auto [read_end, write_end] = make_pipe();
    const PipeWriter writer(std::move(write_end), bytes, pieces);
    CHECK(bench.read_stdin(read_end.get(), options) == bytes);
  }

  const UniqueFd on_disk(::open(bench.folder.file("x").c_str(), O_RDONLY));
  CHECK(bench.read_stdin(on_disk.get(), options) == bytes);

  const std::string named = bench.folder.file("pipe");
  REQUIRE(::mkfifo(named.c_str(), 0600) == 0);
  const PipeWriter writer(named, bytes, {4096, 3});
  CHECK(bench.read(named, options) == bytes);
}

TEST_CASE("standard input keeps its flags") {
  Bench bench;
  auto [read_end, write_end] = make_pipe();
  const int before = ::fcntl(read_end.get(), F_GETFL);
  {
    const PipeWriter writer(std::move(write_end), noise_bytes(10'000), {1000});
    bench.read_stdin(read_end.get(), raw(IqFormat::cu8));
  }
  CHECK(::fcntl(read_end.get(), F_GETFL) == before);
}

TEST_CASE("WAV files give rate, centre and exactly their samples") {
  Bench bench;
  const Bytes samples = noise_bytes(40'000);
  const Bytes odd = noise_bytes(7);
  WavFile file;
  file.chunk("LIST", odd).format(1, 2, 250'000, 16).chunk("data", samples).chunk("LIST", odd);
  const std::string path = bench.file("SDRSharp_20200101_120000Z_93100000Hz_IQ.wav", file.bytes());
  const auto source = bench.open(path);
  CHECK(source->info().format == IqFormat::cs16);
  CHECK(source->info().rate == SampleRate(250'000));
  CHECK(source->info().centre == Hertz(93.1e6));
  CHECK(source->info().samples == samples.size() / 4);
  CHECK(rt::run(bench.loop, read_all(*source)) == samples);

  auto [read_end, write_end] = make_pipe();
  const PipeWriter writer(std::move(write_end), file.bytes(), {5, 1, 9});
  CHECK(bench.read_stdin(read_end.get(), RecordingOptions()) == samples);
}

TEST_CASE("a WAV header without a length, and one that promises too much, are read to the end") {
  Bench bench;
  const Bytes samples = noise_bytes(4000);
  for (const std::uint32_t size : {0U, 0xFFFFFFFFU}) {
    WavFile file;
    file.format(1, 2, 250'000, 8).data_header(size).raw(samples);
    CHECK(bench.read(bench.file("x.wav", file.bytes())) == samples);
  }
  WavFile cut_off;
  cut_off.format(1, 2, 250'000, 8).data_header(5000).raw(samples);
  const std::string path = bench.file("x.wav", cut_off.bytes());
  const std::string said = stderr_of([&] { CHECK(bench.read(path) == samples); });
  CHECK(said.find("ends before the length in its header") != std::string::npos);
}

TEST_CASE("a last sample that is not whole is left out, and said") {
  Bench bench;
  const Bytes bytes = noise_bytes(100'003);
  const std::string path = bench.file("x_256k.cs16", bytes);
  Bytes got;
  const std::string said = stderr_of([&] { got = bench.read(path); });
  CHECK(got == Bytes(bytes.begin(), bytes.end() - 3));
  CHECK(said.find("ignoring the last 3 bytes") != std::string::npos);
}

TEST_CASE("--start passes over samples exactly") {
  Bench bench;
  const Bytes bytes = noise_bytes(1'000'000);
  RecordingOptions options = raw(IqFormat::cs16, 250'000);
  const std::string path = bench.file("x", bytes);
  for (const auto start : {4us, 12us, 1000us, 999'996us}) {
    options.start = start;
    const auto first = 4 * std::chrono::duration_cast<std::chrono::microseconds>(start).count() / 4;
    const Bytes expected(bytes.begin() + first, bytes.end());
    CHECK(bench.open(path, options)->info().samples == expected.size() / 4);
    CHECK(bench.read(path, options) == expected);
    auto [read_end, write_end] = make_pipe();
    const PipeWriter writer(std::move(write_end), bytes, {65'536});
    CHECK(bench.read_stdin(read_end.get(), options) == expected);
  }
}

TEST_CASE("what is wrong with a recording is said in one line") {
  Bench bench;
  const std::string good = bench.file("x", noise_bytes(1000));
  const std::string empty = bench.file("empty_256k.cu8", Bytes());
  WavFile mono;
  mono.format(1, 1, 48'000, 16).data_header(8).raw(noise_bytes(8));
  const std::string mono_path = bench.file("mono.wav", mono.bytes());
  const std::string header_path = bench.file("header.wav", WavFile().tag("fmt ").number(16, 4).bytes());
  WavFile silent;
  silent.format(1, 2, 250'000, 8).data_header(0);
  const std::string silent_path = bench.file("silent.wav", silent.bytes());
  WavFile eight_bits;
  eight_bits.format(1, 2, 250'000, 8).data_header(8).raw(noise_bytes(8));
  const std::string eight_path = bench.file("eight.wav", eight_bits.bytes());
  RecordingOptions late = raw(IqFormat::cu8);
  late.start = 1h;
  RecordingOptions no_rate;
  no_rate.format = IqFormat::cu8;

  struct Row {
    std::string path;
    RecordingOptions options;
    ExitStatus status;
    std::string words;
  };
  std::vector<Row> table{
      {bench.folder.file("nothing"), raw(IqFormat::cu8), ExitStatus::source, "there is no such file"},
      {bench.folder.file("."), raw(IqFormat::cu8), ExitStatus::source, "is a directory"},
      {empty, {}, ExitStatus::source, "is empty"},
      {mono_path, {}, ExitStatus::source, "has 1 channel: IQ needs two"},
      {header_path, {}, ExitStatus::source, "cut off inside its WAV header"},
      {silent_path, {}, ExitStatus::source, "holds no samples"},
      {eight_path, raw(IqFormat::cs16), ExitStatus::usage, "is a WAV file of cu8, not cs16"},
      {bench.file("noise.wav", noise_bytes(1000)), {}, ExitStatus::source, "is not a WAV file"},
      {good, {}, ExitStatus::usage, "--iq-format"},
      {good, no_rate, ExitStatus::usage, "--rate"},
      {good, late, ExitStatus::usage, "lies behind the end"},
  };
  if (test::can_have_terminal())
    table.push_back({"/dev/ptmx", raw(IqFormat::cu8), ExitStatus::usage, "is a terminal"});
  for (const Row& row : table) {
    const Error error = bench.error(row.path, row.options);
    INFO(error.what());
    CHECK(error.status() == row.status);
    CHECK(std::string(error.what()).find(row.words) != std::string::npos);
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
  }
}

TEST_CASE("a file that nobody may read is an error of the source") {
  if (::geteuid() == 0) return;  // root may read everything
  Bench bench;
  const std::string path = bench.file("x_256k.cu8", noise_bytes(1000));
  REQUIRE(::chmod(path.c_str(), 0) == 0);
  CHECK(std::string(bench.error(path).what()).find("no permission") != std::string::npos);
}

TEST_CASE("a pipe that ends before it gives anything, or before the start, is an error") {
  Bench bench;
  auto [read_end, write_end] = make_pipe();
  write_end.reset();
  CHECK(std::string(error_of([&] { bench.read_stdin(read_end.get(), raw(IqFormat::cu8)); }).what()) ==
        "standard input is empty");

  auto [short_end, writing] = make_pipe();
  const PipeWriter writer(std::move(writing), noise_bytes(1000), {100});
  RecordingOptions late = raw(IqFormat::cu8);
  late.start = 1h;
  CHECK(error_of([&] { bench.read_stdin(short_end.get(), late); }).status() == ExitStatus::usage);
}

TEST_CASE("a file that becomes shorter while it is read is an error") {
  Bench bench;
  // Far more than is read ahead.
  const std::string path = bench.file("x_256k.cu8", noise_bytes(16'000'000));
  const auto source = bench.open(path);
  const Error error = error_of([&] {
    rt::run(bench.loop, read_a_block_then(*source, [&] { std::filesystem::resize_file(path, 8'000'001); }));
  });
  CHECK(error.status() == ExitStatus::source);
  CHECK(std::string(error.what()).find("has become shorter") != std::string::npos);
}

TEST_CASE("a file that becomes shorter where it is being demodulated ends the recording, not the program") {
  Bench bench;
  // Whole pages go, part of a page goes, or one byte goes at the end.
  for (const std::uintmax_t left :
       {std::uintmax_t{0}, std::uintmax_t{1'000'001}, std::uintmax_t{2'999'999}}) {
    INFO(left);
    const Bytes bytes = noise_bytes(3'000'000);
    const std::string path = bench.file("x_256k.cu8", bytes);
    const auto source = bench.open(path);
    Bytes got;
    const auto cut = [&] { std::filesystem::resize_file(path, left); };
    const Error error = error_of([&] { rt::run(bench.loop, read_all_while(*source, cut, got)); });
    CHECK(error.status() == ExitStatus::source);
    CHECK(std::string(error.what()).find("has become shorter") != std::string::npos);
    // What was still there came, and nothing that never was.
    const auto there = static_cast<std::size_t>(left);
    REQUIRE(got.size() >= there - there % 2);
    CHECK(std::equal(got.begin(), got.end(), bytes.begin()));
  }
}

TEST_CASE("opening a named pipe without a writer, and standard input that gives nothing, can be cancelled") {
  Bench bench;
  const std::string path = bench.folder.file("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK_FALSE(rt::run(bench.loop, opens_within(1h, open_file(path, raw(IqFormat::cu8), bench.workers))));

  auto [read_end, write_end] = make_pipe();
  const RedirectedStdin redirected(read_end.get());
  CHECK_FALSE(rt::run(bench.loop, opens_within(1h, open_stdin(raw(IqFormat::cu8), bench.workers))));
}

TEST_CASE("a stream can be left at any moment") {
  Bench bench;
  const std::string path = bench.file("x_256k.cu8", noise_bytes(4'000'000));
  for (int blocks = 0; blocks < 20; ++blocks) {
    const auto source = bench.open(path);
    {
      rt::AsyncGenerator<IqBlock> stream = source->stream();
      for (int i = 0; i < blocks; ++i) {
        rt::run(bench.loop, [](rt::AsyncGenerator<IqBlock>& from) -> rt::Task<void> {
          IqBlock* const block = co_await from.next();
          CHECK(block != nullptr);
        }(stream));
      }
    }
    rt::run(bench.loop, source->close());
  }
}

TEST_CASE("--realtime plays at the recording's own pace, without a burst after a pause") {
  Bench bench;
  RecordingOptions options = raw(IqFormat::cu8);
  options.realtime = true;
  const std::string path = bench.file("x", noise_bytes(512'000));  // 1 s
  const auto times = rt::run(bench.loop, block_times(*bench.open(path, options), 0s));
  CHECK(times.size() == 20);
  CHECK(times.front() == 50ms);
  CHECK(times.back() == 1s);

  const auto paused = rt::run(bench.loop, block_times(*bench.open(path, options), 10s));
  CHECK(paused.back() == 11s);
  for (std::size_t i = 2; i < paused.size(); ++i) CHECK(paused[i] - paused[i - 1] == 50ms);
}
