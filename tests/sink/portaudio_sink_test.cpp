// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The program's sound process against a real PulseAudio server, which plays into nothing and
// lets us record what it played.
#include "sink/portaudio_sink.hpp"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "base/urgency.hpp"
#include "rt/run.hpp"
#include "sink/audio_feed.hpp"
#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"
#include "support/child_process.hpp"
#include "support/sound_server.hpp"
#include "support/stall_meter.hpp"
#include "support/temporary_folder.hpp"
#include "support/tone_phase.hpp"

using namespace fmrx;
using test::can_have_server;
using test::kSoundPatience;
using test::sound_folder;
using test::SoundServer;
using test::wait_until;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using sink::SinkEnd;

namespace {

/// What the server plays, from now on: 48 kHz, interleaved.
class Recorder {
 public:
  Recorder()
      : path_(sound_folder().file("recorded.raw")),
        file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)),
        process_({{"parec", "-d", "t.monitor", "--latency-msec=20", "--format=s16le", "--rate=48000",
                   "--channels=2"},
                  -1,
                  file_.get()}) {
    process_.hurry();
    REQUIRE(wait_until([this] { return size() > 0; }));
  }

  /// All that was played until now.
  std::vector<std::int16_t> finish() {
    // It lags behind by its latency, and the server by its own.
    const std::uintmax_t enough = size() + 48'000 * 4 / 2;
    REQUIRE(wait_until([&] { return size() >= enough; }));
    process_.signal(SIGTERM);
    REQUIRE(process_.wait(kSoundPatience));
    std::vector<std::int16_t> samples(size() / 4 * 2);
    std::ifstream(path_, std::ios::binary)
        .read(reinterpret_cast<char*>(samples.data()), static_cast<std::streamsize>(samples.size() * 2));
    return samples;
  }

 private:
  [[nodiscard]] std::uintmax_t size() const { return std::filesystem::file_size(path_); }

  std::string path_;
  UniqueFd file_;
  test::ChildProcess process_;
};

/// The frame of `heard` at which `played` begins, by the correlation of its middle.
std::ptrdiff_t find(const std::vector<float>& played, const std::vector<std::int16_t>& heard) {
  constexpr std::size_t kWindow_frames = 512;
  const std::size_t middle = played.size() / 4;
  double best = 0;
  std::ptrdiff_t best_frame = 0;
  for (std::size_t at = 0; at + kWindow_frames <= heard.size() / 2; ++at) {
    double sum = 0;
    for (std::size_t i = 0; i < kWindow_frames; ++i)
      sum += static_cast<double>(heard[2 * (at + i)]) * static_cast<double>(played[2 * (middle + i)]);
    if (sum > best) {
      best = sum;
      best_frame = static_cast<std::ptrdiff_t>(at) - static_cast<std::ptrdiff_t>(middle);
    }
  }
  return best_frame;
}

/// Power of what was played over that of what else was heard, without the fades at both ends,
/// after the best common gain.
double fidelity_db(const std::vector<float>& played, const std::vector<std::int16_t>& heard) {
  constexpr std::size_t kFade_samples = 2 * 240;
  const std::ptrdiff_t shift = 2 * find(played, heard);
  double played_power = 0;
  double heard_power = 0;
  double product = 0;
  for (std::size_t i = kFade_samples; i + kFade_samples < played.size(); ++i) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i) + shift;
    const bool was_recorded = at >= 0 && at < static_cast<std::ptrdiff_t>(heard.size());
    const double y = was_recorded ? heard[static_cast<std::size_t>(at)] / 32'768.0 : 0;
    const double x = static_cast<double>(played[i]);
    played_power += x * x;
    heard_power += y * y;
    product += x * y;
  }
  const double error_power = std::max(heard_power - product * product / played_power, 1e-20);
  return 10 * std::log10((heard_power - error_power) / error_power);
}

std::unique_ptr<sink::Sink> make_sink(bool live = false) {
  sink::SoundConfig config;
  config.program = FMRX_PROGRAM;
  config.live = live;
  return sink::make_portaudio_sink(config);
}

void open_only() {
  rt::EventLoop loop;
  const auto sink = make_sink();
  rt::run(loop, sink->open());
}

rt::Task<void> open_then_cancel(sink::Sink& sink) {
  rt::Scope scope;
  scope.spawn(sink.open());
  co_await rt::sleep_for(50ms);  // long enough to be inside PortAudio; the outcome is the same if not
  scope.stop();
  co_await scope.join();
}

using test::TonePhase;

/// A tone as a dongle gives it, whose clock is off, for ever: what finds no room is lost.
rt::Task<void> feed_tone(sink::AudioChannel& audio, double ppm) {
  constexpr std::size_t kBlock_frames = 750;
  const rt::TimePoint begin = rt::EventLoop::current().now();
  for (std::uint64_t frame = 0;; frame += kBlock_frames) {
    std::vector<float> samples;
    for (std::size_t n = 0; n < kBlock_frames; ++n) {
      const double turns = std::remainder(TonePhase::kTone_Hz / 48'000 * static_cast<double>(frame + n), 1.0);
      const auto value = static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * turns));
      samples.insert(samples.end(), {value, value});
    }
    const double end_s = static_cast<double>(frame + kBlock_frames) / 48'000 / (1 + ppm * 1e-6);
    co_await rt::sleep_until(begin + std::chrono::round<rt::Duration>(std::chrono::duration<double>(end_s)));
    sink::AudioBlock block = test::block_of(samples);
    if (!audio.try_push(block) && audio.abandoned()) co_return;
  }
}

template <class Script>
rt::Task<SinkEnd> feed_while(sink::Sink& sink, double ppm, const Script& script) {
  co_await sink.open();
  sink::AudioChannel audio(8);
  SinkEnd end{};
  rt::Scope feeding;
  rt::Scope running;
  feeding.spawn(feed_tone(audio, ppm));
  running.spawn(test::run_sink(sink, audio, end));
  co_await script(sink);
  feeding.stop();
  co_await feeding.join();
  audio.close();
  sink.hurry();
  co_await running.join();
  co_return end;
}

/// As the program does where it must keep pace: what else computes on this machine is not tested.
class Hurry {
 public:
  Hurry() { hurry_this_thread(); }
  Hurry(const Hurry&) = delete;
  Hurry& operator=(const Hurry&) = delete;
  ~Hurry() { hurry_this_thread_no_more(); }
};

/// Tries until `attempt` says that all was well, or it was not and the machine is not to blame. False,
/// and says so, if the machine stood still in each attempt: then nothing is known.
template <class Attempt>
bool machine_lets(const Attempt& attempt) {
  // Less is made up for by what waits in the ring.
  constexpr auto kSlack = 10ms;
  test::StallMeter machine(test::StallMeter::Urgency::highest);
  for (int attempts = 0; attempts < 3; ++attempts) {
    machine.reset();
    if (attempt() || machine.stalled() < kSlack) return true;
    WARN("again: the machine stalled for " << machine.stalled().count() << " ms");
  }
  WARN("skipped: the machine stalled in each attempt");
  return false;
}

/// Feeds a live sink while the task that `script` gives runs, and hurries it then.
template <class Script>
SinkEnd play_live(double ppm, const Script& script) {
  const Hurry hurry;
  rt::EventLoop loop;
  const auto sink = make_sink(true);
  return rt::run(loop, feed_while(*sink, ppm, script));
}

rt::Task<void> until_playing(const sink::Sink& sink) {
  for (;;) {
    const auto state = sink.sound();
    if (state->playing && state->latency) break;
    co_await rt::sleep_for(10ms);
  }
}

double largest_phase_step_us(const std::vector<std::int16_t>& heard) {
  test::TonePhase phase(0.5 * 32'768);
  phase.add(heard);
  REQUIRE(phase.stretches_with_tone() > 400);
  return phase.largest_step_us();
}

}  // namespace

TEST_CASE("what is played is heard, in real time and without a gap") {
  sound_folder();
  if (!can_have_server()) return;
  const SoundServer server;
  const std::vector<float> played = test::noise(2 * 48'000);
  double fidelity = 0;
  const auto play = [&] {
    Recorder recorder;
    rt::EventLoop loop;
    const auto sink = make_sink();
    const auto begin = std::chrono::steady_clock::now();
    {
      const Hurry hurry;
      CHECK(rt::run(loop, test::deliver(*sink, played)) == SinkEnd::finished);
    }
    CHECK(std::chrono::steady_clock::now() - begin > 1800ms);
    fidelity = fidelity_db(played, recorder.finish());
    return fidelity > 80;
  };
  if (!machine_lets(play)) return;
  // 16 bits: the noise is 12 dB + 20 lg(sqrt(3) / 2) below full scale, rounding 98 dB below a
  // full-scale sine. A single frame lost or doubled leaves less than 20 dB.
  CHECK(fidelity > 80);
}

TEST_CASE("without a sound card or server there is one clear line, and nothing else") {
  sound_folder();
  const std::string on_stderr = test::stderr_of([] {
    CHECK_THROWS_WITH(open_only(), ContainsSubstring("no sound card") && ContainsSubstring("-o x.wav"));
  });
  CHECK(on_stderr.empty());
}

TEST_CASE("the list of cards names the sound server's, and one is the default") {
  sound_folder();
  if (!can_have_server()) return;
  const SoundServer server;
  rt::EventLoop loop;
  const auto cards = rt::run(loop, sink::list_audio_cards(FMRX_PROGRAM));
  REQUIRE_FALSE(cards.empty());
  CHECK(std::count_if(cards.begin(), cards.end(), [](const auto& card) { return card.is_default; }) == 1);
  CHECK(cards.front().interface == "ALSA");
}

TEST_CASE("a card that is not there is named in the error") {
  sound_folder();
  if (!can_have_server()) return;
  const SoundServer server;
  sink::SoundConfig config;
  config.program = FMRX_PROGRAM;
  config.card = "no such card";
  rt::EventLoop loop;
  const auto sink = sink::make_portaudio_sink(config);
  CHECK_THROWS_WITH(rt::run(loop, sink->open()),
                    ContainsSubstring("no such card") && ContainsSubstring("--list-audio"));
}

TEST_CASE("opening can be cancelled while the sound server is frozen") {
  sound_folder();
  if (!can_have_server()) return;
  SoundServer server;
  server.freeze();
  rt::EventLoop loop;
  const auto sink = make_sink();
  rt::run(loop, open_then_cancel(*sink));
}

namespace {

rt::Task<void> listen(const sink::Sink& sink, rt::Duration time, std::optional<sink::SoundState>& state) {
  co_await rt::sleep_for(time);
  state = sink.sound();
}

/// How a sound server goes away and comes back, and what became of the sink.
struct Loss {
  std::function<void()> go;
  std::function<void()> come_back;
  test::StallMeter machine{};
  bool was_lost = false;
  std::chrono::steady_clock::duration took{};
};

rt::Task<void> lose_and_find(const sink::Sink& sink, Loss& loss) {
  co_await until_playing(sink);
  loss.go();
  co_await rt::sleep_for(1'800ms);
  loss.was_lost = !sink.sound()->playing;
  loss.come_back();
  loss.machine.reset();
  const auto returned = std::chrono::steady_clock::now();
  co_await until_playing(sink);
  loss.took = std::chrono::steady_clock::now() - returned;
}

/// 650 ppm of 5 ms, as much as the loop may speed up, are 3.3 us, rounding to 16 bits 0.05 us. A frame
/// lost or doubled is 20.8 us.
constexpr double kLeastStep_us = 5;

/// After 5 s of 150 ppm, with 70 ms wanted, besides which up to 5 ms nothing is heard or done.
bool is_on_its_way(const std::optional<sink::SoundState>& state) {
  if (!state || !state->latency || !state->drift_ppm) return false;
  return *state->drift_ppm > 50 && *state->drift_ppm < 250 && *state->latency >= 68ms &&
         *state->latency <= 76ms;
}

rt::Task<void> freeze_once_playing(const sink::Sink& sink, const SoundServer& server) {
  co_await until_playing(sink);
  server.freeze();
}

rt::Task<void> freeze_for_a_while(const SoundServer& server) {
  co_await rt::sleep_for(500ms);
  server.freeze();
  co_await rt::sleep_for(300ms);
  server.thaw();
}

/// Opens the sink and has it deliver `samples` while `server` freezes for a while.
rt::Task<SinkEnd> deliver_past_freeze(sink::Sink& sink, const std::vector<float>& samples,
                                      const SoundServer& server) {
  co_await sink.open();
  sink::AudioChannel audio(4);
  SinkEnd end{};
  rt::Scope scope;
  scope.spawn(test::feed(audio, samples));
  scope.spawn(test::run_sink(sink, audio, end));
  scope.spawn(freeze_for_a_while(server));
  co_await scope.join();
  co_return end;
}

}  // namespace

TEST_CASE("a tone from a clock that is off is heard without a step, and the drift is found") {
  sound_folder();
  if (!can_have_server()) return;
  const SoundServer server;
  double step_us = 0;
  std::optional<sink::SoundState> state;
  const auto listen_once = [&] {
    Recorder recorder;
    const auto script = [&](const sink::Sink& sink) { return listen(sink, 5s, state); };
    CHECK(play_live(150, script) == SinkEnd::gave_up);
    step_us = largest_phase_step_us(recorder.finish());
    return step_us < kLeastStep_us && is_on_its_way(state);
  };
  if (!machine_lets(listen_once)) return;
  CHECK(step_us < kLeastStep_us);
  REQUIRE(state);
  REQUIRE(state->latency);
  REQUIRE(state->drift_ppm);
  INFO(*state->drift_ppm << " ppm, " << state->latency->count() << " ms");
  CHECK(is_on_its_way(state));
}

TEST_CASE("a live sink plays on when its sound server is back, and takes its audio all the while") {
  sound_folder();
  if (!can_have_server()) return;
  std::optional<SoundServer> server(std::in_place);
  Loss loss;
  SECTION("after it has died") {
    loss.go = [&] {
      server->die();
      server.reset();
    };
    loss.come_back = [&] { server.emplace(); };
  }
  SECTION("after it was frozen") {
    loss.go = [&] { server->freeze(); };
    loss.come_back = [&] { server->thaw(); };
  }
  SinkEnd end{};
  const auto script = [&](const sink::Sink& sink) { return lose_and_find(sink, loss); };
  const std::string said = test::stderr_of([&] { end = play_live(0, script); });
  CHECK(end == SinkEnd::gave_up);
  CHECK(loss.was_lost);
  CHECK(loss.took < 2s + loss.machine.stalled());
  CHECK_THAT(said, ContainsSubstring("it will play on") && ContainsSubstring("back after"));
}

TEST_CASE("a hurried sink ends while the sound server is frozen") {
  sound_folder();
  if (!can_have_server()) return;
  const SoundServer server;
  const auto script = [&](const sink::Sink& sink) { return freeze_once_playing(sink, server); };
  CHECK(play_live(0, script) == SinkEnd::gave_up);
}

TEST_CASE("a sink whose card sets the pace waits for a frozen server, and then plays the rest") {
  sound_folder();
  if (!can_have_server()) return;
  const SoundServer server;
  rt::EventLoop loop;
  const auto sink = make_sink();
  const std::vector<float> samples = test::noise(2 * 48'000);
  CHECK(rt::run(loop, deliver_past_freeze(*sink, samples, server)) == SinkEnd::finished);
}
