// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/poller_contract.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/catch2.hpp"

namespace fmrx::rt {

namespace {

using namespace std::chrono_literals;

struct Pair {
  UniqueFd a;
  UniqueFd b;
};

Pair make_pipe() {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Pair make_socket_pair() {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void send(const UniqueFd& fd) {
  REQUIRE(::write(fd.get(), "x", 1) == 1);
}

void receive(const UniqueFd& fd) {
  char byte = 0;
  REQUIRE(::read(fd.get(), &byte, 1) == 1);
}

void fill(const UniqueFd& fd) {
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
  const std::vector<char> bytes(4096);
  while (::write(fd.get(), bytes.data(), bytes.size()) > 0) {
  }
}

/// What the poller reports now, without sleeping.
std::vector<FdEvent> look(Poller& poller) {
  const auto events = poller.wait(TimePoint::min());
  return {events.begin(), events.end()};
}

bool reports(const std::vector<FdEvent>& events, const UniqueFd& fd, Direction direction) {
  for (const FdEvent& event : events) {
    if (event.fd == fd.get() && event.direction == direction) return true;
  }
  return false;
}

bool reports_only(const std::vector<FdEvent>& events, const UniqueFd& fd, Direction direction) {
  return events.size() == 1 && reports(events, fd, direction);
}

void check_directions(Poller& poller) {
  SECTION("a descriptor is readable once there is something to read") {
    const Pair pipe = make_pipe();
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    CHECK(look(poller).empty());
    send(pipe.b);
    CHECK(reports_only(look(poller), pipe.a, Direction::read));
  }
  SECTION("a descriptor is writable while there is room") {
    const Pair pipe = make_pipe();
    REQUIRE(poller.arm(pipe.b.get(), Direction::write));
    CHECK(reports_only(look(poller), pipe.b, Direction::write));
    fill(pipe.b);
    REQUIRE(poller.arm(pipe.b.get(), Direction::write));
    CHECK(look(poller).empty());
  }
  SECTION("both directions of one descriptor are watched at once, each on its own") {
    const Pair sockets = make_socket_pair();
    REQUIRE(poller.arm(sockets.a.get(), Direction::read));
    REQUIRE(poller.arm(sockets.a.get(), Direction::write));
    CHECK(reports_only(look(poller), sockets.a, Direction::write));
    CHECK(look(poller).empty());
    send(sockets.b);
    CHECK(reports_only(look(poller), sockets.a, Direction::read));
  }
  SECTION("both directions may happen in one batch") {
    const Pair sockets = make_socket_pair();
    send(sockets.b);
    REQUIRE(poller.arm(sockets.a.get(), Direction::read));
    REQUIRE(poller.arm(sockets.a.get(), Direction::write));
    const auto events = look(poller);
    CHECK(events.size() == 2);
    CHECK(reports(events, sockets.a, Direction::read));
    CHECK(reports(events, sockets.a, Direction::write));
  }
}

void check_arming(Poller& poller) {
  const Pair pipe = make_pipe();
  SECTION("it reports once for each arming") {
    send(pipe.b);
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    CHECK(look(poller).size() == 1);
    CHECK(look(poller).empty());
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    CHECK(look(poller).size() == 1);
  }
  SECTION("arming twice is arming once") {
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    send(pipe.b);
    CHECK(look(poller).size() == 1);
    CHECK(look(poller).empty());
  }
  SECTION("a disarmed descriptor is not reported, and can be armed again") {
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    poller.disarm(pipe.a.get(), Direction::read);
    send(pipe.b);
    CHECK(look(poller).empty());
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    CHECK(look(poller).size() == 1);
  }
  SECTION("disarming one direction leaves the other") {
    const Pair sockets = make_socket_pair();
    REQUIRE(poller.arm(sockets.a.get(), Direction::read));
    REQUIRE(poller.arm(sockets.a.get(), Direction::write));
    poller.disarm(sockets.a.get(), Direction::write);
    CHECK(look(poller).empty());
    send(sockets.b);
    CHECK(reports_only(look(poller), sockets.a, Direction::read));
  }
  SECTION("disarming what was never armed does nothing") {
    poller.disarm(pipe.a.get(), Direction::read);
    poller.disarm(-1, Direction::read);
    poller.disarm(1'000'000, Direction::write);
    CHECK(look(poller).empty());
  }
}

void check_ends(Poller& poller) {
  SECTION("a hang-up ends a wait for reading") {
    Pair pipe = make_pipe();
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    pipe.b.reset();
    CHECK(reports_only(look(poller), pipe.a, Direction::read));
  }
  SECTION("a reader that goes ends a wait for writing") {
    Pair pipe = make_pipe();
    fill(pipe.b);
    REQUIRE(poller.arm(pipe.b.get(), Direction::write));
    pipe.a.reset();
    CHECK(reports_only(look(poller), pipe.b, Direction::write));
  }
  SECTION("writing to a pipe that nobody reads any more is not waited for") {
    Pair pipe = make_pipe();
    fill(pipe.b);
    pipe.a.reset();
    const bool waits = poller.arm(pipe.b.get(), Direction::write);
    CHECK((!waits || reports_only(look(poller), pipe.b, Direction::write)));
  }
  SECTION("a socket whose other end has gone ends the waits of both directions") {
    Pair sockets = make_socket_pair();
    fill(sockets.a);
    REQUIRE(poller.arm(sockets.a.get(), Direction::read));
    REQUIRE(poller.arm(sockets.a.get(), Direction::write));
    sockets.b.reset();
    const auto events = look(poller);
    CHECK(reports(events, sockets.a, Direction::read));
    CHECK(reports(events, sockets.a, Direction::write));
  }
}

void check_kinds(Poller& poller) {
  SECTION("a regular file is always ready, at its end too") {
    std::FILE* const file = std::tmpfile();
    REQUIRE(file != nullptr);
    CHECK_FALSE(poller.arm(::fileno(file), Direction::read));
    CHECK_FALSE(poller.arm(::fileno(file), Direction::write));
    CHECK(look(poller).empty());
    std::fclose(file);
  }
  SECTION("a descriptor that is not open is refused") {
    Pair pipe = make_pipe();
    const int closed = pipe.a.get();
    pipe.a.reset();
    CHECK_THROWS_AS(poller.arm(closed, Direction::read), std::system_error);
    CHECK_THROWS_AS(poller.arm(-1, Direction::write), std::system_error);
  }
  SECTION("a number that is closed and opened again means the new file") {
    Pair old = make_pipe();
    send(old.b);
    REQUIRE(poller.arm(old.a.get(), Direction::read));
    CHECK(look(poller).size() == 1);
    const int number = old.a.get();
    const Pair other = make_pipe();
    REQUIRE(::dup2(other.a.get(), number) == number);
    REQUIRE(poller.arm(number, Direction::read));
    CHECK(look(poller).empty());
    send(other.b);
    CHECK(look(poller).size() == 1);
  }
  SECTION("a descriptor that is closed after disarming leaves nothing behind") {
    Pair old = make_pipe();
    REQUIRE(poller.arm(old.a.get(), Direction::read));
    poller.disarm(old.a.get(), Direction::read);
    const int number = old.a.get();
    const Pair other = make_pipe();
    REQUIRE(::dup2(other.a.get(), number) == number);
    send(other.b);
    CHECK(look(poller).empty());
    REQUIRE(poller.arm(number, Direction::read));
    CHECK(look(poller).size() == 1);
  }
  SECTION("every one of many ready descriptors is reported, whatever the batch") {
    constexpr std::size_t kMany = 200;
    std::vector<Pair> pipes;
    for (std::size_t i = 0; i < kMany; ++i) {
      pipes.push_back(make_pipe());
      REQUIRE(poller.arm(pipes.back().a.get(), Direction::read));
      send(pipes.back().b);
    }
    std::vector<int> times(static_cast<std::size_t>(pipes.back().b.get()) + 1);
    for (auto events = look(poller); !events.empty(); events = look(poller)) {
      for (const FdEvent& event : events) ++times[static_cast<std::size_t>(event.fd)];
    }
    for (const Pair& pipe : pipes) CHECK(times[static_cast<std::size_t>(pipe.a.get())] == 1);
  }
}

void check_waking(Poller& poller) {
  SECTION("a wake-up before wait() ends it at once, and only once") {
    poller.wake();
    poller.wake();
    CHECK(poller.wait(std::nullopt).empty());
    const TimePoint before = poller.now();
    const TimePoint deadline = before + 2ms;
    while (poller.now() < deadline) CHECK(poller.wait(deadline).empty());
  }
  SECTION("a wake-up from another thread ends wait()") {
    std::thread other([&] { poller.wake(); });
    CHECK(poller.wait(std::nullopt).empty());
    other.join();
  }
  SECTION("a hundred thousand wake-ups that nobody hears do not block or break it") {
    for (int i = 0; i < 100'000; ++i) poller.wake();
    CHECK(poller.wait(std::nullopt).empty());
    const Pair pipe = make_pipe();
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    send(pipe.b);
    std::vector<FdEvent> events;
    while (events.empty()) events = look(poller);
    CHECK(reports_only(events, pipe.a, Direction::read));
    poller.wake();
    CHECK(poller.wait(std::nullopt).empty());
  }
  SECTION("every wake-up of another thread is heard") {
    constexpr int kRounds = 500;
    std::atomic<int> asked{0};
    std::atomic<int> heard{0};
    std::thread other([&] {
      for (int i = 1; i <= kRounds; ++i) {
        asked.store(i);
        poller.wake();
        while (heard.load() < i) std::this_thread::yield();
      }
    });
    while (heard.load() < kRounds) {
      CHECK(poller.wait(std::nullopt).empty());
      heard.store(asked.load());
    }
    other.join();
  }
  SECTION("data from another thread ends wait()") {
    const Pair pipe = make_pipe();
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    std::thread other([&] { [[maybe_unused]] const auto written = ::write(pipe.b.get(), "x", 1); });
    std::vector<FdEvent> events;
    while (events.empty()) {
      const auto span = poller.wait(std::nullopt);
      events.assign(span.begin(), span.end());
    }
    CHECK(reports_only(events, pipe.a, Direction::read));
    other.join();
    receive(pipe.a);
  }
}

void ignore_signal(int) {}

void check_time(Poller& poller) {
  SECTION("wait() does not return before its deadline for lack of events") {
    const TimePoint deadline = poller.now() + 3ms;
    while (poller.now() < deadline) CHECK(poller.wait(deadline).empty());
    CHECK(poller.now() >= deadline);
  }
  SECTION("a deadline that has passed does not make wait() sleep") {
    CHECK(poller.wait(poller.now()).empty());
    CHECK(poller.wait(poller.now() - 1h).empty());
    CHECK(poller.wait(TimePoint::min()).empty());
  }
  SECTION("an event comes before a deadline that is far away") {
    const Pair pipe = make_pipe();
    send(pipe.b);
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    const TimePoint before = poller.now();
    CHECK(poller.wait(before + 24h * 365).size() == 1);
    CHECK(poller.now() < before + 1h);
  }
  SECTION("a signal handler that interrupts wait() does no harm") {
    struct sigaction action {};
    struct sigaction former {};
    action.sa_handler = &ignore_signal;  // without SA_RESTART
    REQUIRE(::sigaction(SIGUSR1, &action, &former) == 0);
    const Pair pipe = make_pipe();
    REQUIRE(poller.arm(pipe.a.get(), Direction::read));
    const pthread_t waiting = ::pthread_self();
    std::thread other([&] {
      for (int i = 0; i < 20; ++i) {
        ::pthread_kill(waiting, SIGUSR1);
        std::this_thread::yield();
      }
      [[maybe_unused]] const auto written = ::write(pipe.b.get(), "x", 1);
    });
    std::vector<FdEvent> events;
    while (events.empty()) {
      const auto span = poller.wait(std::nullopt);
      events.assign(span.begin(), span.end());
    }
    CHECK(reports_only(events, pipe.a, Direction::read));
    other.join();
    ::sigaction(SIGUSR1, &former, nullptr);
  }
}

}  // namespace

void check_poller_contract(const std::function<std::unique_ptr<Poller>()>& make) {
  const std::unique_ptr<Poller> poller = make();
  check_directions(*poller);
  check_arming(*poller);
  check_ends(*poller);
  check_kinds(*poller);
  check_waking(*poller);
  check_time(*poller);
}

}  // namespace fmrx::rt
