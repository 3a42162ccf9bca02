// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// PortAudio against a real PulseAudio server, which plays into nothing and lets us record
// what it played.
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
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "rt/run.hpp"
#include "sink/audio_feed.hpp"
#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"
#include "support/child_process.hpp"
#include "support/sound_server.hpp"
#include "support/stall_meter.hpp"
#include "support/temporary_folder.hpp"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// These libraries are not instrumented, so their locking is invisible. PortAudio's callback is
// not beneath them.
extern "C" const char* __tsan_default_suppressions() {
  return "race:libpulse\nrace:libasound\n";
}
#endif
#endif

using namespace fmrx;
using test::can_have_server;
using test::kSoundPatience;
using test::sound_folder;
using test::SoundServer;
using test::wait_until;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using sink::make_portaudio_sink;
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

void open_only() {
  rt::EventLoop loop;
  const auto sink = make_portaudio_sink();
  rt::run(loop, sink->open());
}

rt::Task<void> open_then_cancel(sink::Sink& sink) {
  rt::Scope scope;
  scope.spawn(sink.open());
  co_await rt::sleep_for(50ms);  // long enough to be inside PortAudio; the outcome is the same if not
  scope.stop();
  co_await scope.join();
}

/// Plays noise for ever and says how much of it the sink has taken.
rt::Task<void> feed_noise(sink::AudioChannel& audio, std::size_t& frames_taken) {
  const sink::AudioBlock block = test::block_of(test::noise(960));
  for (;;) {
    const bool wanted = co_await audio.push(block);
    if (!wanted) break;
    frames_taken += block.frames();
  }
}

/// Calls `disturb` once the card has played something, and waits for the sink's end.
template <class Disturb>
rt::Task<SinkEnd> play_and_disturb(sink::Sink& sink, Disturb disturb) {
  // More than the sink's ring (8192 frames) and the channel hold: so the card plays. To
  // disturb PortAudio while it starts leads into its own faults: 19.6 joins a thread twice.
  constexpr std::size_t kPlays_frames = 24'000;
  co_await sink.open();
  sink::AudioChannel audio(4);
  SinkEnd end{};
  std::size_t frames_taken = 0;
  rt::Scope scope;
  scope.spawn(feed_noise(audio, frames_taken));
  scope.spawn(test::run_sink(sink, audio, end));
  while (frames_taken < kPlays_frames) co_await rt::sleep_for(1ms);
  disturb();
  co_await scope.join();
  co_return end;
}

/// So that the sanitizers see all threads end.
void wait_for_portaudio() {
  CHECK(wait_until([] { return rt::ForeignThread::left_behind() == 0; }));
}

}  // namespace

TEST_CASE("what is played is heard, in real time and without a gap") {
  sound_folder();
  if (!can_have_server()) return;
  const SoundServer server;
  const std::vector<float> played = test::noise(2 * 48'000);
  test::StallMeter machine;
  double fidelity = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    machine.reset();
    Recorder recorder;
    rt::EventLoop loop;
    const auto sink = make_portaudio_sink();
    const auto begin = std::chrono::steady_clock::now();
    CHECK(rt::run(loop, test::deliver(*sink, played)) == SinkEnd::finished);
    CHECK(std::chrono::steady_clock::now() - begin > 1800ms);
    fidelity = fidelity_db(played, recorder.finish());
    const bool machine_is_to_blame = fidelity < 80 && machine.stalled() > 20ms;
    if (!machine_is_to_blame) break;
    WARN("again: the machine stalled for " << machine.stalled().count() << " ms");
  }
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

TEST_CASE("opening can be cancelled while the sound server is frozen") {
  sound_folder();
  if (!can_have_server()) return;
  SoundServer server;
  server.freeze();
  {
    rt::EventLoop loop;
    const auto sink = make_portaudio_sink();
    rt::run(loop, open_then_cancel(*sink));
  }
  CHECK(rt::ForeignThread::left_behind() == 1);
  server.thaw();
  wait_for_portaudio();
}

TEST_CASE("a hurried sink ends while the sound server is frozen") {
  sound_folder();
  if (!can_have_server()) return;
  SoundServer server;
  {
    rt::EventLoop loop;
    const auto sink = make_portaudio_sink();
    const auto freeze_and_hurry = [&] {
      server.freeze();
      sink->hurry();
    };
    CHECK(rt::run(loop, play_and_disturb(*sink, freeze_and_hurry)) == SinkEnd::gave_up);
  }
  server.thaw();
  wait_for_portaudio();
}

TEST_CASE("a sound server that freezes is given up with a clear error") {
  sound_folder();
  if (!can_have_server()) return;
  SoundServer server;
  {
    rt::EventLoop loop;
    const auto sink = make_portaudio_sink();
    const auto freeze = [&] { server.freeze(); };
    const auto play = [&] { rt::run(loop, play_and_disturb(*sink, freeze)); };
    const std::string on_stderr =
        test::stderr_of([&] { CHECK_THROWS_WITH(play(), ContainsSubstring("has taken no audio")); });
    CHECK_THAT(on_stderr, ContainsSubstring("the sound card takes no audio"));
  }
  server.thaw();
  wait_for_portaudio();
}

TEST_CASE("a sound server that dies is a clear error") {
  sound_folder();
  if (!can_have_server()) return;
  SoundServer server;
  {
    rt::EventLoop loop;
    const auto sink = make_portaudio_sink();
    const auto die = [&] { server.die(); };
    const auto play = [&] { rt::run(loop, play_and_disturb(*sink, die)); };
    test::stderr_of([&] { CHECK_THROWS_WITH(play(), ContainsSubstring("its server has gone")); });
  }
  wait_for_portaudio();
}

TEST_CASE("a hurried sink ends at once while the sound server plays") {
  sound_folder();
  if (!can_have_server()) return;
  const SoundServer server;
  {
    rt::EventLoop loop;
    const auto sink = make_portaudio_sink();
    const auto hurry = [&] { sink->hurry(); };
    CHECK(rt::run(loop, play_and_disturb(*sink, hurry)) == SinkEnd::gave_up);
  }
  wait_for_portaudio();
}
