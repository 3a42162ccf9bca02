// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/time_line.hpp"

#include <random>

#include "support/catch2.hpp"

using namespace fmrx;
using namespace std::chrono_literals;
using recording::frames_in;
using recording::time_of_frames;
using recording::TimeLine;
using Kind = TimeLine::Event::Kind;

namespace {

const UtcTime kStart = *parse_utc("2026-03-28T12:00:00Z");

/// A dongle whose crystal is off, a machine that is sometimes busy, and clocks that are set or
/// run on while nothing comes.
class Radio {
 public:
  explicit Radio(double ppm) : frames_per_second_(48'000 * (1 + ppm * 1e-6)) {}

  /// A second passes; a frame arrives up to 50 ms late.
  std::optional<TimeLine::Event> second(TimeLine& line) {
    elapsed_ += 1s;
    frames_ += frames_per_second_;
    const auto late = std::chrono::milliseconds(random_() % 50);
    return line.arrived({frame(), kStart + elapsed_ + set_ + late, elapsed_ + late});
  }
  void set_clock(std::chrono::nanoseconds by) { set_ += by; }
  void suspend(std::chrono::nanoseconds time) { elapsed_ += time; }
  void fill(std::uint64_t frames) { frames_ += static_cast<double>(frames); }
  void leave_out(std::uint64_t frames) { frames_ -= static_cast<double>(frames); }

  [[nodiscard]] std::uint64_t frame() const { return static_cast<std::uint64_t>(frames_); }
  [[nodiscard]] UtcTime now() const { return kStart + elapsed_ + set_; }

 private:
  double frames_per_second_;
  double frames_ = 0;
  std::chrono::nanoseconds elapsed_{0};
  std::chrono::nanoseconds set_{0};
  std::minstd_rand random_{1};
};

}  // namespace

TEST_CASE("frames and time, for years") {
  CHECK(time_of_frames(48'000) == 1s);
  CHECK(time_of_frames(1) == 20'833ns);
  CHECK(frames_in(time_of_frames(12'345'678'901'234)) == 12'345'678'901'234);
  CHECK(frames_in(-1s) == 0);
}

TEST_CASE("a crystal that is off is followed to within the lateness of the machine") {
  for (const double ppm : {-100.0, 0.0, 70.0}) {
    Radio radio(ppm);
    TimeLine line(kStart);
    for (int i = 0; i < 24 * 3600; ++i) CHECK_FALSE(radio.second(line).has_value());
    // The best of ten arrivals that are up to 50 ms late, 10 to 20 s ago at 100 ppm.
    CHECK(std::chrono::abs(line.at(radio.frame()) - radio.now()) < 50ms);
    const double expected_s = 24 * 3600 - 24 * 3600 * (1 + ppm * 1e-6);
    CHECK_THAT(std::chrono::duration<double>(line.clock_error()).count(),
               Catch::Matchers::WithinAbs(expected_s, 0.05));
  }
}

TEST_CASE("a clock that is set moves the time line, and is no error of the crystal") {
  for (const auto by :
       {std::chrono::nanoseconds(1h), std::chrono::nanoseconds(-1h), std::chrono::nanoseconds(5s)}) {
    Radio radio(0);
    TimeLine line(kStart);
    for (int i = 0; i < 100; ++i) radio.second(line);
    radio.set_clock(by);
    int events = 0;
    for (int i = 0; i < 100; ++i) {
      const auto event = radio.second(line);
      if (!event) continue;
      ++events;
      CHECK(event->kind == Kind::clock_set);
      CHECK(std::chrono::abs(event->by - by) < 50ms);
    }
    CHECK(events == 1);
    CHECK(std::chrono::abs(line.at(radio.frame()) - radio.now()) < 50ms);
    CHECK(std::chrono::abs(line.clock_error()) < 100ms);
  }
}

TEST_CASE("time without samples is told once, and whoever fills it is in step again") {
  Radio radio(0);
  TimeLine line(kStart);
  for (int i = 0; i < 100; ++i) radio.second(line);
  radio.suspend(8h);
  int events = 0;
  for (int i = 0; i < 100; ++i) {
    const auto event = radio.second(line);
    if (!event) continue;
    ++events;
    CHECK(event->kind == Kind::samples_missing);
    CHECK(std::chrono::abs(event->by - 8h) < 50ms);
    radio.fill(frames_in(event->by));
  }
  CHECK(events == 1);
  CHECK(std::chrono::abs(line.at(radio.frame()) - radio.now()) < 100ms);
}

TEST_CASE("a second suspend, however soon after the first, is told too") {
  for (const int seconds_between : {0, 1, 4, 9, 10, 11, 20}) {
    Radio radio(0);
    TimeLine line(kStart);
    for (int i = 0; i < 60; ++i) radio.second(line);
    std::chrono::nanoseconds told{0};
    const auto pass = [&](int seconds) {
      for (int i = 0; i < seconds; ++i) {
        const auto event = radio.second(line);
        if (!event) continue;
        CHECK(event->kind == Kind::samples_missing);
        told += event->by;
        radio.fill(frames_in(event->by));
      }
    };
    radio.suspend(6min);
    pass(seconds_between);
    radio.suspend(54s);
    pass(60);
    INFO(seconds_between << " s between them");
    CHECK(std::chrono::abs(told - (6min + 54s)) < 200ms);
    CHECK(std::chrono::abs(line.at(radio.frame()) - radio.now()) < 100ms);
  }
}

TEST_CASE("an error that is taken out does not come back") {
  for (const double ppm : {-100.0, 100.0}) {
    Radio radio(ppm);
    TimeLine line(kStart);
    for (int i = 0; i < 24 * 3600; ++i) {
      radio.second(line);
      const auto error = line.clock_error();
      if (std::chrono::abs(error) < 20ms) continue;
      if (error > 0s) radio.fill(frames_in(error));
      if (error < 0s) radio.leave_out(frames_in(-error));
      line.error_taken_out();
    }
    // The count itself agrees with the clock now.
    CHECK(std::chrono::abs(kStart + time_of_frames(radio.frame()) - radio.now()) < 75ms);
  }
}
