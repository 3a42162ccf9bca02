// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/raw_sink.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <future>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "rt/run.hpp"
#include "sink/audio_feed.hpp"
#include "sink/sample_format.hpp"
#include "support/can_have_terminal.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using Catch::Matchers::ContainsSubstring;
using sink::make_raw_sink;
using sink::SinkEnd;

namespace {

/// Two ends that a test closes one by one.
struct Ends {
  UniqueFd read_end;
  UniqueFd write_end;
};

Ends make_pipe() {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Ends make_socket_pair() {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::vector<std::byte> encoded(SampleFormat format, const std::vector<float>& samples) {
  std::vector<std::byte> bytes(samples.size() * sink::bytes_per_sample(format));
  sink::encode_samples(format, samples, bytes);
  return bytes;
}

/// All that comes, to the end, `size` bytes at a time.
std::vector<std::byte> read_all(int fd, std::size_t size) {
  std::vector<std::byte> all;
  std::vector<std::byte> some(size);
  for (;;) {
    const ssize_t count = ::read(fd, some.data(), some.size());
    if (count <= 0) return all;
    all.insert(all.end(), some.begin(), some.begin() + count);
  }
}

SinkEnd deliver_to(int fd, SampleFormat format, const std::vector<float>& audio) {
  rt::EventLoop loop;
  const auto sink = make_raw_sink(fd, "test output", format);
  return rt::run(loop, test::deliver(*sink, audio));
}

SinkEnd deliver_until_stuck_then_hurry(int fd, SampleFormat format, const std::vector<float>& audio) {
  rt::EventLoop loop;
  const auto sink = make_raw_sink(fd, "test output", format);
  return rt::run(loop, test::deliver_until_stuck_then_hurry(*sink, audio));
}

/// More than pipe (64 KiB), sink and channel hold together.
std::vector<float> plenty() {
  return test::noise(5 * 48'000);
}

}  // namespace

TEST_CASE("a pipe's reader gets exactly what was delivered, however slowly it reads") {
  const auto format = GENERATE(SampleFormat::s16, SampleFormat::s24, SampleFormat::f32);
  const std::size_t read_size = GENERATE(std::size_t{7}, std::size_t{100'000});
  const std::vector<float> audio = test::noise(48'001);
  Ends pipe = make_pipe();
  auto reading = std::async(std::launch::async, read_all, pipe.read_end.get(), read_size);
  CHECK(deliver_to(pipe.write_end.get(), format, audio) == SinkEnd::finished);
  pipe.write_end.reset();
  CHECK(reading.get() == encoded(format, audio));
}

TEST_CASE("a socket's reader gets exactly what was delivered") {
  const std::vector<float> audio = test::noise(48'001);
  Ends socket = make_socket_pair();
  auto reading = std::async(std::launch::async, read_all, socket.read_end.get(), std::size_t{1000});
  CHECK(deliver_to(socket.write_end.get(), SampleFormat::s16, audio) == SinkEnd::finished);
  socket.write_end.reset();
  CHECK(reading.get() == encoded(SampleFormat::s16, audio));
}

TEST_CASE("a reader that closes its end ends the sink quietly") {
  Ends ends = GENERATE(0, 1) == 0 ? make_pipe() : make_socket_pair();
  auto reading = std::async(std::launch::async, [&ends] {
    std::array<std::byte, 1000> some{};
    const ssize_t count = ::read(ends.read_end.get(), some.data(), some.size());
    ends.read_end.reset();
    return count;
  });
  CHECK(deliver_to(ends.write_end.get(), SampleFormat::s16, plenty()) == SinkEnd::reader_gone);
  CHECK(reading.get() > 0);
}

TEST_CASE("a reader that has gone before anything was written ends the sink quietly") {
  Ends pipe = make_pipe();
  pipe.read_end.reset();
  CHECK(deliver_to(pipe.write_end.get(), SampleFormat::s16, plenty()) == SinkEnd::reader_gone);
}

TEST_CASE("a reader that never reads does not hold up a hurried sink, and gets whole frames") {
  const auto format = GENERATE(SampleFormat::s16, SampleFormat::s24, SampleFormat::f32);
  const std::vector<float> audio = plenty();
  Ends pipe = make_pipe();
  CHECK(deliver_until_stuck_then_hurry(pipe.write_end.get(), format, audio) == SinkEnd::gave_up);
  pipe.write_end.reset();
  const std::vector<std::byte> got = read_all(pipe.read_end.get(), 4096);
  const std::vector<std::byte> expected = encoded(format, audio);
  CHECK(!got.empty());
  CHECK(got.size() % sink::bytes_per_frame(format) == 0);
  CHECK(std::equal(got.begin(), got.end(), expected.begin()));
}

TEST_CASE("a socket whose reader never reads does not hold up a hurried sink") {
  Ends socket = make_socket_pair();
  CHECK(deliver_until_stuck_then_hurry(socket.write_end.get(), SampleFormat::s16, plenty()) ==
        SinkEnd::gave_up);
}

TEST_CASE("a sink that is cancelled while its reader does not read lets go") {
  Ends pipe = make_pipe();
  {
    rt::EventLoop loop;
    const auto sink = make_raw_sink(pipe.write_end.get(), "test output", SampleFormat::s16);
    rt::run(loop, test::deliver_until_stuck_then_cancel(*sink, plenty()));
  }
  test::wait_for_threads_left_behind();
}

TEST_CASE("the descriptor stays in blocking mode") {
  Ends pipe = make_pipe();
  const int before = ::fcntl(pipe.write_end.get(), F_GETFL);
  deliver_until_stuck_then_hurry(pipe.write_end.get(), SampleFormat::s16, plenty());
  CHECK(::fcntl(pipe.write_end.get(), F_GETFL) == before);
}

TEST_CASE("a regular file gets all of it") {
  const test::TemporaryFolder folder;
  const std::vector<float> audio = test::noise(48'001);
  const UniqueFd file(::open(folder.file("x.raw").c_str(), O_RDWR | O_CREAT, 0600));
  CHECK(deliver_to(file.get(), SampleFormat::s16, audio) == SinkEnd::finished);
  REQUIRE(::lseek(file.get(), 0, SEEK_SET) == 0);
  CHECK(read_all(file.get(), 100'000) == encoded(SampleFormat::s16, audio));
}

TEST_CASE("a file that may not grow ends with a whole frame and a clear error") {
  std::signal(SIGXFSZ, SIG_IGN);
  const test::TemporaryFolder folder;
  const UniqueFd file(::open(folder.file("x.raw").c_str(), O_RDWR | O_CREAT, 0600));
  rlimit former{};
  ::getrlimit(RLIMIT_FSIZE, &former);
  const rlimit limited{100'001, former.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limited);
  CHECK_THROWS_WITH(deliver_to(file.get(), SampleFormat::f32, plenty()),
                    ContainsSubstring("may not grow larger"));
  ::setrlimit(RLIMIT_FSIZE, &former);
  CHECK(::lseek(file.get(), 0, SEEK_END) == 100'000);  // 12,500 frames of 8 bytes
}

TEST_CASE("a device that is full is a clear error") {
  const UniqueFd full(::open("/dev/full", O_WRONLY));
  if (!full) {
    WARN("skipped: this system has no /dev/full");
    return;
  }
  CHECK_THROWS_WITH(deliver_to(full.get(), SampleFormat::s16, plenty()),
                    "cannot write to test output: the disk is full");
}

TEST_CASE("a terminal is refused, and the line to use instead is shown") {
  if (!test::can_have_terminal()) return;
  const UniqueFd terminal(::posix_openpt(O_RDWR | O_NOCTTY));
  REQUIRE(::grantpt(terminal.get()) == 0);
  REQUIRE(::unlockpt(terminal.get()) == 0);
  const UniqueFd user_side(::open(::ptsname(terminal.get()), O_RDWR | O_NOCTTY));
  CHECK_THROWS_WITH(
      deliver_to(user_side.get(), SampleFormat::s16, {}),
      ContainsSubstring("never written to a terminal") && ContainsSubstring("aplay -f S16_LE -r 48000 -c 2"));
}

TEST_CASE("a closed descriptor is refused") {
  CHECK_THROWS_WITH(deliver_to(1'000'000, SampleFormat::s16, {}),
                    "cannot write to test output: it is closed");
}
