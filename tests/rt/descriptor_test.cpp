// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/descriptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "rt/scope.hpp"
#include "rt/signals.hpp"
#include "rt/sleep.hpp"
#include "rt/witness.hpp"
#include "support/catch2.hpp"

namespace fmrx::rt {

namespace {

using namespace std::chrono_literals;

struct Pair {
  Pair() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    for (const int end : ends) ::fcntl(end, F_SETFL, O_NONBLOCK);
    a.reset(ends[0]);
    b.reset(ends[1]);
  }
  UniqueFd a;
  UniqueFd b;
};

Task<std::size_t> read_all(int fd) {
  std::size_t bytes = 0;
  std::vector<char> buffer(1000);
  for (;;) {
    co_await readable(fd);
    const auto got = ::read(fd, buffer.data(), buffer.size());
    if (got == 0) break;
    if (got > 0) bytes += static_cast<std::size_t>(got);
  }
  co_return bytes;
}
Task<void> count_read(int fd, std::size_t& bytes) {
  bytes = co_await read_all(fd);
}
Task<void> write_all(int fd, std::size_t left) {
  const std::vector<char> buffer(4096);
  while (left > 0) {
    co_await writable(fd);
    const auto written = ::write(fd, buffer.data(), left < buffer.size() ? left : buffer.size());
    if (written > 0) left -= static_cast<std::size_t>(written);
  }
  ::shutdown(fd, SHUT_WR);
}
Task<void> both_ways(std::size_t count) {
  const Pair pair;
  std::size_t at_a = 0;
  std::size_t at_b = 0;
  Scope scope;
  scope.spawn(write_all(pair.a.get(), count));
  scope.spawn(write_all(pair.b.get(), count));
  scope.spawn(count_read(pair.a.get(), at_a));
  scope.spawn(count_read(pair.b.get(), at_b));
  co_await scope.join();
  CHECK(at_a == count);
  CHECK(at_b == count);
}

TEST_CASE("descriptor: a megabyte each way through one pair of sockets") {
  simulate(both_ways(1'000'000));
  EventLoop loop;
  run(loop, both_ways(1'000'000));
}

Task<void> wait_readable(int fd) {
  co_await readable(fd);
}
Task<void> give_up_and_try_again() {
  const Pair pair;
  const bool early = co_await with_timeout(1s, wait_readable(pair.a.get()));
  CHECK_FALSE(early);
  REQUIRE(::write(pair.b.get(), "x", 1) == 1);
  const bool late = co_await with_timeout(1s, wait_readable(pair.a.get()));
  CHECK(late);
}

TEST_CASE("descriptor: a wait that was given up can be taken up again") {
  simulate(give_up_and_try_again());
}

Task<void> note_readable(Log& log, int fd) {
  co_await readable(fd);
  log.push_back("readable");
}
Task<void> cancel_and_hand_over(Log& log) {
  const Pair pair;
  Scope next;
  {
    Scope scope;
    scope.spawn(note_readable(log, pair.a.get()));
    co_await sleep_for(1s);
    REQUIRE(::write(pair.b.get(), "x", 1) == 1);
  }
  next.spawn(note_readable(log, pair.a.get()));
  co_await next.join();
}

TEST_CASE("descriptor: a wait that follows a cancelled one hears what came") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Log log;
    simulate(cancel_and_hand_over(log), seed);
    CHECK(log == Log{"readable"});
  }
}

Task<bool> take_over_from_woken(Log& log) {
  const Pair pair;
  Scope scope;
  scope.spawn(note_readable(log, pair.a.get()));
  co_await sleep_for(1s);
  REQUIRE(::write(pair.b.get(), "x", 1) == 1);
  co_await sleep_for(0s);  // woken together with the other, by the seed before or after it
  scope.stop();
  const bool heard = co_await with_timeout(1s, wait_readable(pair.a.get()));
  co_return heard;
}

TEST_CASE("descriptor: one that was woken and then cancelled does not end the wait of its successor") {
  std::set<Log> logs;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Log log;
    CHECK(simulate(take_over_from_woken(log), seed));
    logs.insert(log);
  }
  CHECK(logs == std::set<Log>{{}, {"readable"}});
}

/// Counts what the system reports to the loop.
class CountingPoller final : public Poller {
 public:
  TimePoint now() override { return poller_.now(); }
  bool arm(int fd, Direction direction) override { return poller_.arm(fd, direction); }
  void disarm(int fd, Direction direction) noexcept override { poller_.disarm(fd, direction); }
  std::span<const FdEvent> wait(std::optional<TimePoint> deadline) override {
    const auto events = poller_.wait(deadline);
    events_ += events.size();
    return events;
  }
  void wake() noexcept override { poller_.wake(); }
  [[nodiscard]] std::size_t events() const { return events_; }

 private:
  SimulatedPoller poller_;
  std::size_t events_ = 0;
};

Task<void> write_when_writable(int fd) {
  co_await writable(fd);
  REQUIRE(::write(fd, "y", 1) == 1);
}
Task<void> cancel_reader_and_send() {
  const Pair pair;
  Log log;
  Scope reader;
  reader.spawn(note_readable(log, pair.a.get()));
  co_await sleep_for(1s);
  reader.stop();
  co_await reader.join();
  REQUIRE(::write(pair.b.get(), "x", 1) == 1);
  co_await write_when_writable(pair.a.get());  // the other direction is still heard
  co_await sleep_for(1s);
  CHECK(log.empty());
}

TEST_CASE("descriptor: what nobody waits for any more is not reported to the loop") {
  const auto poller = std::make_shared<CountingPoller>();
  EventLoop loop(poller);
  run(loop, cancel_reader_and_send());
  CHECK(poller->events() == 1);
}

Task<void> wait_for_file() {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  co_await readable(::fileno(file));
  co_await writable(::fileno(file));
  std::fclose(file);
}
Task<void> wait_for_nothing() {
  co_await readable(-1);
}

TEST_CASE("descriptor: a file is ready at once, and what is not open throws") {
  EventLoop loop;
  run(loop, wait_for_file());
  CHECK_THROWS_AS(run(loop, wait_for_nothing()), std::system_error);
}

Task<void> receive_signals(Log& log) {
  Signals signals{SIGUSR1, SIGUSR2};
  ::raise(SIGUSR2);
  ::raise(SIGUSR1);
  ::raise(SIGUSR1);
  for (int i = 0; i < 3; ++i) {
    const int signal = co_await signals.next();
    log.push_back(signal == SIGUSR1 ? "USR1" : "USR2");
  }
  const auto none = co_await with_timeout(1s, signals.next());
  CHECK_FALSE(none);
  ::raise(SIGUSR2);
  const int last = co_await signals.next();
  CHECK(last == SIGUSR2);
}

TEST_CASE("signals: they come in order of arrival, none is lost, and waiting can be given up") {
  Log log;
  simulate(receive_signals(log));
  CHECK(log == Log{"USR2", "USR1", "USR1"});
}

void former_handler(int) {}

TEST_CASE("signals: the former handler is back afterwards") {
  struct sigaction mine {};
  mine.sa_handler = &former_handler;
  struct sigaction before {};
  REQUIRE(::sigaction(SIGUSR1, &mine, &before) == 0);
  { const Signals signals{SIGUSR1}; }
  struct sigaction now {};
  REQUIRE(::sigaction(SIGUSR1, &before, &now) == 0);
  CHECK(now.sa_handler == &former_handler);
}

}  // namespace

}  // namespace fmrx::rt
