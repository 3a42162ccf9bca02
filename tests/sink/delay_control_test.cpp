// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// A dongle and a sound card with clocks of their own, on virtual time.
#include "sink/delay_control.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "dsp/fractional_resampler.hpp"
#include "sink/playback.hpp"
#include "sink/splice.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace std::chrono_literals;
using Catch::Matchers::WithinAbs;
using sink::DelayControl;

namespace {

using Nanoseconds = std::chrono::nanoseconds;
using Time = DelayControl::Time;

constexpr Nanoseconds kWanted = 65ms;

/// What PortAudioSink does with audio, between a dongle that is off by some ppm and a card that
/// fetches in bursts and fills its buffers first; both are late at random, and may stall.
class Bench {
 public:
  struct Setup {
    double dongle_ppm = 0;
    double card_ppm = 0;
    std::uint32_t card_rate = 48'000;
    std::size_t block_frames = 748;  // 15.6 ms
    std::size_t fetch_frames = 240;
    Nanoseconds card_latency = 25ms;
    unsigned seed = 1;
  };

  explicit Bench(const Setup& setup)
      : setup_(setup),
        random_(setup.seed),
        control_(SampleRate(setup.card_rate), kWanted),
        playback_(std::make_unique<sink::Playback>(SampleRate(setup.card_rate))),
        resampler_(SampleRate(setup.card_rate), 4096) {}

  void run(Nanoseconds time) {
    const Nanoseconds end = elapsed_ + time;
    for (;;) {
      const Nanoseconds block =
          std::max(due(blocks_ + 1, setup_.block_frames, 48'000, setup_.dongle_ppm), dongle_stalls_until_);
      const Nanoseconds fetch = std::max(fetch_due(), card_stalls_until_);
      const Nanoseconds next = std::min(block, fetch);
      if (next > end) break;
      elapsed_ = next;
      if (block <= fetch) {
        std::size_t joined = 1;
        ++blocks_;
        while (joins_ && due(blocks_ + 1, setup_.block_frames, 48'000, setup_.dongle_ppm) <= elapsed_) {
          ++blocks_;
          ++joined;
        }
        joins_ = false;
        receive(joined * setup_.block_frames);
      } else {
        ++fetches_;
        play();
      }
    }
    elapsed_ = end;
  }

  void stall_dongle(Nanoseconds time) { dongle_stalls_until_ = elapsed_ + time; }
  void stall_card(Nanoseconds time) { card_stalls_until_ = elapsed_ + time; }
  /// Neither side is on time: all happens when it should, but is noted late.
  void be_busy(Nanoseconds time) { busy_until_ = elapsed_ + time; }
  /// The program is busy: what came meanwhile is handed over as one block.
  void stall_and_join(Nanoseconds time) {
    stall_dongle(time);
    joins_ = true;
  }
  /// A stall after which the card goes on where it was: the time is lost, as in a hardware xrun.
  void lose_card_time(Nanoseconds time) {
    stall_card(time);
    card_lost_ += time;
  }
  /// Samples that never come.
  void lose_dongle_time(Nanoseconds time) {
    stall_dongle(time);
    blocks_ += static_cast<std::int64_t>(std::chrono::duration<double>(time).count() * 48'000 /
                                         static_cast<double>(setup_.block_frames));
  }

  [[nodiscard]] DelayControl& control() { return control_; }
  [[nodiscard]] std::uint64_t underruns() const { return playback_->underruns(); }
  [[nodiscard]] double delay_ms() const {
    return control_.delay() ? std::chrono::duration<double>(*control_.delay()).count() * 1e3 : -1;
  }
  [[nodiscard]] int splices() const { return splices_; }

 private:
  [[nodiscard]] static Nanoseconds due(std::int64_t count, std::size_t frames, double rate, double ppm) {
    return Nanoseconds(std::llround(static_cast<double>(count) * static_cast<double>(frames) /
                                    (rate * (1 + ppm * 1e-6)) * 1e9));
  }
  /// The first fetches fill the card's buffers at once.
  [[nodiscard]] Nanoseconds fetch_due() const {
    const auto ahead = static_cast<std::int64_t>(std::chrono::duration<double>(setup_.card_latency).count() *
                                                 setup_.card_rate / static_cast<double>(setup_.fetch_frames));
    return card_lost_ + due(std::max<std::int64_t>(fetches_ - ahead, 0), setup_.fetch_frames,
                            setup_.card_rate, setup_.card_ppm);
  }
  /// Mostly a fraction of a millisecond, seldom more; never early.
  Nanoseconds lateness() {
    const double late_ns = std::exponential_distribution<double>(1 / 300e3)(random_);
    if (elapsed_ < busy_until_)
      return Nanoseconds(std::uniform_int_distribution<std::int64_t>(0, 40'000'000)(random_));
    return Nanoseconds(std::llround(std::min(late_ns, 3e6)));
  }

  void receive(std::size_t frames) {
    const Time now{elapsed_ + lateness()};
    received_ += frames;
    const std::vector<float> block(2 * frames, 0.5F);
    const auto piece = resampler_.process(splice_.process(block));
    written_ += playback_->write(piece) / 2;
    sink::Fetch note{};
    while (playback_->read_note(note)) control_.fetched(note);
    control_.card_holds(now, playback_->holds());
    control_.wrote(now, received_, written_);
    if (playback_->holds()) {
      const auto lag = control_.lag_to_begin();
      if (lag) playback_->begin_with_lag(*lag);
    }
    if (now - updated_ < 250ms) return;
    updated_ = now;
    control_.update(now);
    resampler_.set_speed(control_.speed_ppm());
    const Nanoseconds excess = control_.excess_to_leave_out();
    if (excess > 0ns) {
      ++splices_;
      splice_.leave_out(static_cast<std::size_t>(std::chrono::duration<double>(excess).count() * 48'000));
    }
  }

  void play() {
    std::vector<float> out(2 * setup_.fetch_frames);
    playback_->fetch(out, Time(elapsed_ + lateness()), setup_.card_latency);
  }

  Setup setup_;
  std::mt19937 random_;
  DelayControl control_;
  std::unique_ptr<sink::Playback> playback_;
  dsp::FractionalResampler resampler_;
  sink::Splice splice_;
  Nanoseconds elapsed_{};
  Nanoseconds dongle_stalls_until_{};
  Nanoseconds card_stalls_until_{};
  Nanoseconds busy_until_{};
  Nanoseconds card_lost_{};
  bool joins_ = false;
  std::int64_t blocks_ = 0;
  std::int64_t fetches_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t written_ = 0;
  Time updated_{};
  int splices_ = 0;
};

}  // namespace

namespace {

void check_hours_of_drift(double ppm, int minutes) {
  Bench bench({.dongle_ppm = ppm, .seed = 3});
  bench.run(10s);
  CHECK_THAT(bench.control().drift_ppm(), WithinAbs(ppm, 20));
  bench.run(50s);
  double worst_ppm = 0;
  double worst_ms = 0;
  for (int minute = 1; minute < minutes; ++minute) {
    bench.run(60s);
    worst_ppm = std::max(worst_ppm, std::fabs(bench.control().drift_ppm() - ppm));
    worst_ms = std::max(worst_ms, std::fabs(bench.delay_ms() - 65));
  }
  INFO(ppm << " ppm: estimate within " << worst_ppm << " ppm, delay within " << worst_ms << " ms");
  CHECK(bench.underruns() == 0);
  CHECK(bench.splices() == 0);
  CHECK(worst_ppm < 1);
  CHECK(worst_ms < 0.5);
}

}  // namespace

TEST_CASE("a quarter of an hour with clocks that drift: no gap, the delay as wanted, the drift known") {
  check_hours_of_drift(-200, 15);
  check_hours_of_drift(200, 15);
}

TEST_CASE("a day with clocks that drift", "[.][long]") {
  check_hours_of_drift(-200, 24 * 60);
  check_hours_of_drift(200, 24 * 60);
}

TEST_CASE("any card, any block: no gap, and the delay is the wanted one or the least that is possible") {
  struct Case {
    Bench::Setup setup;
    double delay_ms;
  };
  // The least: a block, a fetch and 4 ms before the card, and what the card has.
  for (const Case& c :
       {Case{{.card_ppm = -90, .card_rate = 44'100}, 65.0},
        Case{{.card_ppm = 50, .card_rate = 192'000, .fetch_frames = 960}, 65.0},
        Case{{.dongle_ppm = 40, .block_frames = 480, .fetch_frames = 64}, 65.0},
        Case{{.dongle_ppm = -100, .card_ppm = 100, .fetch_frames = 1'024, .card_latency = 42ms},
             15.58 + 21.33 + 4 + 42},
        Case{{.block_frames = 2'400}, 50 + 5 + 4 + 25.0}}) {
    Bench bench(c.setup);
    bench.run(20s);
    const auto at_first = bench.underruns();
    CHECK(at_first == 0);
    bench.run(150s);
    INFO(c.delay_ms << " wanted, " << bench.delay_ms() << " is");
    CHECK(bench.underruns() == at_first);
    CHECK_THAT(bench.delay_ms(), WithinAbs(c.delay_ms, 0.7));
    CHECK_THAT(bench.control().drift_ppm(), WithinAbs(c.setup.dongle_ppm - c.setup.card_ppm, 2));
  }
}

TEST_CASE("after any stall the delay is the same as before within 10 seconds, and the drift still known") {
  Bench bench({.dongle_ppm = 120});
  bench.run(120s);
  REQUIRE(bench.underruns() == 0);
  const auto check = [&bench](const char* what) {
    bench.run(10s);
    INFO(what << ": " << bench.delay_ms() << " ms, " << bench.control().drift_ppm() << " ppm");
    CHECK_THAT(bench.delay_ms(), WithinAbs(65, 5));
    CHECK_THAT(bench.control().drift_ppm(), WithinAbs(120, 15));
    bench.run(120s);
    CHECK_THAT(bench.delay_ms(), WithinAbs(65, 0.5));
    CHECK_THAT(bench.control().drift_ppm(), WithinAbs(120, 2));
  };
  bench.stall_dongle(150ms);
  check("the dongle's samples come late");
  bench.lose_dongle_time(400ms);
  check("samples are lost");
  bench.stall_card(150ms);
  check("the card fetches late");
  bench.lose_card_time(300ms);
  check("the card pauses");
  bench.stall_dongle(150ms);
  bench.stall_card(150ms);
  check("the machine stands still");
  CHECK(bench.underruns() <= 3);
}

TEST_CASE("blocks that come late and joined do not make the delay longer for good") {
  Bench bench({.dongle_ppm = 20});
  bench.run(60s);
  for (int i = 0; i < 20; ++i) {
    bench.stall_and_join(50ms);
    bench.run(3s);
  }
  bench.run(10s);
  INFO(bench.delay_ms());
  CHECK_THAT(bench.delay_ms(), WithinAbs(65, 0.5));
}

TEST_CASE("a machine that is busy for seconds changes neither the delay nor what is known of the drift") {
  Bench bench({.dongle_ppm = 150});
  bench.run(120s);
  for (int i = 0; i < 10; ++i) {
    bench.be_busy(3s);
    for (int half = 0; half < 40; ++half) {
      bench.run(500ms);
      CHECK_THAT(bench.delay_ms(), WithinAbs(65, 1));
      CHECK_THAT(bench.control().drift_ppm(), WithinAbs(150, 5));
    }
  }
  CHECK(bench.splices() == 0);
}

TEST_CASE("a stall shorter than the slack is not heard at all") {
  // The slack: 65 ms without the card's 25, a block of 15.6, a fetch of 5 and up to 3 of lateness.
  Bench bench({.dongle_ppm = -60});
  bench.run(60s);
  for (int i = 0; i < 50; ++i) {
    bench.run(2'345ms);
    bench.stall_dongle(15ms);
  }
  bench.run(10s);
  CHECK(bench.underruns() == 0);
  CHECK(bench.splices() == 0);
}
