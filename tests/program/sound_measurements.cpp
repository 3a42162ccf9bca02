// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The figures of docs/reliability.md, "Sound": from the bench dongle, at real pace, to what a sound
// server plays.
//
//   sound_server_test "[soak]"      half an hour (FMRX_SOAK_MINUTES), 150 ppm off, PulseAudio and JACK
//   sound_server_test "[live]"      start, latency, what servers and dongles do, load, memory
//   sound_server_test "[rates]"     JACK and PulseAudio devices from 8 to 192 kHz
//   sound_server_test "[freeze]"    of these, a server that freezes; FMRX_RUNS=20: each so often
//   sound_server_test "[others]"    rtl_fm with pacat and aplay, measured alike

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <numbers>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/monitor.hpp"
#include "support/sound_server.hpp"
#include "support/stall_meter.hpp"
#include "support/temporary_folder.hpp"
#include "support/tone_phase.hpp"

#ifdef FMRX_USB_STAND_IN

using namespace std::chrono_literals;
using namespace fmrx;
using namespace fmrx::test;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kRate_Hz = 2'400'000;
/// When, in each second of the IQ file with bursts, a burst begins, and how long it lasts.
constexpr double kBurst_s = 0.5;
constexpr double kBurstLength_s = 0.1;
/// More than the noise between bursts, far less than the tone.
constexpr int kAudible = 2'000;

double ms(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

Clock::duration seconds(double s) {
  return std::chrono::round<Clock::duration>(std::chrono::duration<double>(s));
}

/// A second of IQ: a 1 kHz tone, 37.5 kHz of deviation, whole periods of all; `bursts`: only in the
/// burst of each second. By default as fmrx asks for it, the station 300 kHz below the centre.
std::string write_iq(const TemporaryFolder& folder, bool bursts, std::uint32_t rate_hz = kRate_Hz,
                     double below_hz = 300e3) {
  std::string bytes;
  for (std::uint32_t n = 0; n < rate_hz; ++n) {
    const double t = n / static_cast<double>(rate_hz);
    const bool sounds = !bursts || (t >= kBurst_s && t < kBurst_s + kBurstLength_s);
    // The integral of a sine, which begins and ends at the same phase.
    const double tone_rad = sounds ? -37.5 * (std::cos(2 * std::numbers::pi * 1'000 * t) - 1) : 0;
    const double phase = -2 * std::numbers::pi * std::fmod(below_hz * t, 1.0) + tone_rad;
    for (const double part : {std::cos(phase), std::sin(phase)})
      bytes.push_back(static_cast<char>(static_cast<unsigned char>(std::lround(127.5 + 63.75 * part))));
  }
  const std::string path = folder.file(bursts ? "bursts.cu8" : "tone.cu8");
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path;
}

ChildProcess::Setup on_dongle(ChildProcess::Setup setup, const std::string& dongle) {
  setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN}, {"FMRX_USB", dongle}};
  return setup;
}

ChildProcess::Setup receiver(const std::string& dongle, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"-f", "92.7M", "-g", "25.4", "-v"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return on_dongle(with_arguments(arguments), dongle);
}

/// Until `program` has ended after Ctrl-C.
Clock::duration interrupt(ChildProcess& program) {
  const auto asked = Clock::now();
  program.signal(SIGINT);
  program.wait(kPatience);
  return Clock::now() - asked;
}

/// The lines of a program's messages that hold `text`.
std::string lines_with(const std::string& text, const std::string& messages) {
  std::istringstream lines(messages);
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(text) != std::string::npos) found += "    " + line + '\n';
  }
  return found;
}

struct Spread {
  double least = 1e9;
  double most = -1e9;
  double sum = 0;
  int count = 0;
  void add(double value) {
    least = std::min(least, value);
    most = std::max(most, value);
    sum += value;
    ++count;
  }
};

void print(const char* what, const Spread& spread, const char* unit) {
  std::printf("%s: %.1f to %.1f %s, mean %.1f, in %d runs\n", what, spread.least, spread.most, unit,
              spread.sum / spread.count, spread.count);
  std::fflush(stdout);
}

/// Of each measurement: FMRX_RUNS, or five.
int runs() {
  const char* const text = std::getenv("FMRX_RUNS");
  return text == nullptr ? 5 : std::atoi(text);
}

std::optional<std::size_t> first_audible(const Monitor& heard, Monitor::Time after = {}) {
  for (std::size_t frame = 0; frame < heard.frames(); ++frame) {
    if (std::abs(heard.left(frame)) > kAudible && heard.time_of(frame) >= after) return frame;
  }
  return std::nullopt;
}

/// The longest time without sound between the first and the last sound, in ms.
double longest_hole_ms(const Monitor& heard) {
  std::size_t longest = 0;
  std::optional<std::size_t> last;
  for (std::size_t frame = 0; frame < heard.frames(); ++frame) {
    if (std::abs(heard.left(frame)) <= kAudible) continue;
    if (last) longest = std::max(longest, frame - *last);
    last = frame;
  }
  return static_cast<double>(longest) / 48;
}

/// When the first sample of the dongle's last stream was in the antenna.
Clock::time_point stream_begin(const std::string& log) {
  const std::string text = contents(log);
  const std::string key = "streams since ";
  const std::size_t at = text.rfind(key);
  REQUIRE(at != std::string::npos);
  return Clock::time_point(std::chrono::nanoseconds(std::atoll(text.c_str() + at + key.size())));
}

struct BurstHeard {
  double at_s;  ///< since the stream began
  double latency_ms;
};

std::vector<BurstHeard> bursts_in(const Monitor& heard, Clock::time_point begin) {
  constexpr std::size_t kPause_frames = 10'000;
  std::vector<BurstHeard> bursts;
  std::optional<std::size_t> last;
  for (std::size_t frame = 0; frame < heard.frames(); ++frame) {
    if (std::abs(heard.left(frame)) <= kAudible) continue;
    if (!last || frame - *last > kPause_frames) {
      const double since_s = ms(heard.time_of(frame) - begin) / 1e3;
      const double sent_s = std::floor(since_s - kBurst_s) + kBurst_s;
      bursts.push_back({since_s, (since_s - sent_s) * 1e3});
    }
    last = frame;
  }
  return bursts;
}

std::string text_of(const std::vector<BurstHeard>& bursts) {
  std::string text;
  for (const BurstHeard& burst : bursts) text += ' ' + std::to_string(std::lround(burst.latency_ms));
  return text;
}

/// Computes until it goes.
class Load {
 public:
  explicit Load(unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      programs_.push_back(
          std::make_unique<ChildProcess>(ChildProcess::Setup{{"sh", "-c", "while :; do :; done"}}));
  }

 private:
  std::vector<std::unique_ptr<ChildProcess>> programs_;
};

}  // namespace

// --- start, latency, end ----------------------------------------------------------------------

TEST_CASE("start to sound, and Ctrl-C while it plays", "[.][live]") {
  sound_folder();
  REQUIRE(can_have_server());
  const TemporaryFolder folder;
  const std::string iq = "iq=file:" + write_iq(folder, false);
  Spread start;
  Spread hole;
  Spread end;
  for (int run = 0; run < runs(); ++run) {
    const SoundServer server;
    Monitor heard;
    const auto begun = Clock::now();
    ChildProcess program(receiver(iq));
    program.wait(3s);
    end.add(ms(interrupt(program)));
    heard.finish();
    const auto first = first_audible(heard);
    REQUIRE(first);
    start.add(ms(heard.time_of(*first) - begun));
    hole.add(longest_hole_ms(heard));
  }
  print("start of the program to sound", start, "ms");
  print("longest hole in a 1 kHz tone", hole, "ms");
  print("Ctrl-C while it plays", end, "ms");
}

namespace {

void measure_latency(const char* what, const std::vector<std::string>& options) {
  const TemporaryFolder folder;
  const std::string iq = "iq=file:" + write_iq(folder, true);
  const std::string log = folder.file("usb.log");
  Spread latency;
  for (int run = 0; run < runs(); ++run) {
    std::filesystem::remove(log);
    const SoundServer server;
    Monitor heard;
    ChildProcess program(receiver(iq + ",log=" + log, options));
    program.wait(8s);
    interrupt(program);
    heard.finish();
    const auto bursts = bursts_in(heard, stream_begin(log));
    REQUIRE(bursts.size() > 4);
    std::printf("  run %d, ms:%s\n%s", run + 1, text_of(bursts).c_str(),
                lines_with("from the antenna", program.errors()).c_str());
    latency.add(bursts.back().latency_ms);
  }
  print(what, latency, "ms");
}

}  // namespace

TEST_CASE("antenna to loudspeaker", "[.][live]") {
  sound_folder();
  REQUIRE(can_have_server());
  measure_latency("antenna to the server's monitor, default", {});
  measure_latency("antenna to the server's monitor, --latency 50", {"--latency", "50"});
}

TEST_CASE("antenna to loudspeaker, for FMRX_SOAK_MINUTES", "[.][latency]") {
  sound_folder();
  REQUIRE(can_have_server());
  const char* const text = std::getenv("FMRX_SOAK_MINUTES");
  const int minutes = text == nullptr ? 30 : std::atoi(text);
  const TemporaryFolder folder;
  const std::string iq = "iq=file:" + write_iq(folder, true);
  const std::string log = folder.file("usb.log");
  const SoundServer server;
  Monitor heard(100);
  ChildProcess program(receiver(iq + ",log=" + log));
  program.wait(std::chrono::minutes(minutes));
  interrupt(program);
  heard.finish();
  const auto bursts = bursts_in(heard, stream_begin(log));
  for (std::size_t i = 0; i + 60 <= bursts.size(); i += 60) {
    Spread minute;
    for (std::size_t k = i; k < i + 60; ++k) minute.add(bursts[k].latency_ms);
    std::printf("from second %.0f on: %.1f to %.1f ms\n", bursts[i].at_s, minute.least, minute.most);
  }
}

// --- what servers and dongles do --------------------------------------------------------------

TEST_CASE("the sound server freezes", "[.][live][freeze]") {
  sound_folder();
  REQUIRE(can_have_server());
  const TemporaryFolder folder;
  const std::string iq = "iq=file:" + write_iq(folder, true);
  const std::string log = folder.file("usb.log");
  for (const auto frozen : {500ms, 3'000ms}) {
    Spread back;
    Spread latency_back;
    Spread latency;
    for (int run = 0; run < runs(); ++run) {
      std::filesystem::remove(log);
      const SoundServer server;
      Monitor heard;
      ChildProcess program(receiver(iq + ",log=" + log));
      program.wait(4s);
      server.freeze();
      program.wait(frozen);
      const auto returned = Clock::now();
      server.thaw();
      program.wait(12s);
      interrupt(program);
      heard.finish();
      const auto begin = stream_begin(log);
      const auto bursts = bursts_in(heard, begin);
      const double returned_s = ms(returned - begin) / 1e3;
      double back_s = 0;
      for (const BurstHeard& burst : bursts) {
        if (burst.at_s <= returned_s) continue;
        if (back_s == 0) back.add((burst.at_s - returned_s) * 1e3);
        back_s = burst.at_s;
        if (std::fabs(burst.latency_ms - bursts.back().latency_ms) > 5)
          latency_back.add(burst.at_s - returned_s);
      }
      latency.add(bursts.back().latency_ms);
      std::printf("  run %d, bursts, ms:%s\n%s", run + 1, text_of(bursts).c_str(),
                  lines_with("sound card", program.errors()).c_str());
      std::fflush(stdout);
    }
    std::printf("the server was frozen for %d ms\n", static_cast<int>(frozen.count()));
    print("  next burst (one each second) after that", back, "ms");
    if (latency_back.count > 0) print("  last burst more than 5 ms late", latency_back, "s after that");
    print("  latency in the end", latency, "ms");
  }
}

TEST_CASE("the sound server is killed and started again; Ctrl-C while it is frozen", "[.][live]") {
  sound_folder();
  REQUIRE(can_have_server());
  const TemporaryFolder folder;
  const std::string iq = "iq=file:" + write_iq(folder, false);
  Spread back;
  Spread thawed;
  Spread end;
  for (int run = 0; run < runs(); ++run) {
    std::optional<SoundServer> server(std::in_place);
    ChildProcess program(receiver(iq));
    program.wait(2s);
    server->die();
    server.reset();
    program.wait(1'500ms);
    const auto started = Clock::now();
    server.emplace();
    {
      Monitor heard;
      program.wait(4s);
      heard.finish();
      const auto first = first_audible(heard);
      REQUIRE(first);
      back.add(ms(heard.time_of(*first) - started));
    }
    {
      Monitor heard;
      server->freeze();
      program.wait(3s);
      const auto returned = Clock::now();
      server->thaw();
      program.wait(3s);
      heard.finish();
      // What the server still had is not counted.
      const auto first = first_audible(heard, returned + 20ms);
      REQUIRE(first);
      thawed.add(ms(heard.time_of(*first) - returned));
    }
    server->freeze();
    program.wait(400ms);
    end.add(ms(interrupt(program)));
  }
  print("server killed: from its new start to sound", back, "ms");
  print("server frozen for 3 s: from its return to sound", thawed, "ms");
  print("Ctrl-C while the server is frozen", end, "ms");
}

TEST_CASE("the dongle is unplugged and plugged in again", "[.][live]") {
  sound_folder();
  REQUIRE(can_have_server());
  const TemporaryFolder folder;
  const std::string dongle = "iq=file:" + write_iq(folder, false) + ",unplug@3s+1500ms,log=";
  const std::string log = folder.file("usb.log");
  Spread back;
  for (int run = 0; run < runs(); ++run) {
    std::filesystem::remove(log);
    const SoundServer server;
    Monitor heard;
    ChildProcess program(receiver(dongle + log));
    program.wait(1s);
    const auto plugged_in = stream_begin(log) + 4'500ms;
    program.wait(7s);
    interrupt(program);
    heard.finish();
    const auto first = first_audible(heard, plugged_in);
    REQUIRE(first);
    back.add(ms(heard.time_of(*first) - plugged_in));
  }
  print("dongle plugged in again, to sound", back, "ms");
}

// --- load -------------------------------------------------------------------------------------

namespace {

/// Bytes that nobody took from the dongle after its first second.
long long lost_bytes(const std::string& log) {
  std::istringstream lines(contents(log));
  long long lost = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find("lost ");
    if (at != std::string::npos && std::atof(line.c_str()) > 1) lost += std::atoll(line.c_str() + at + 5);
  }
  return lost;
}

/// The receiver first, then what it needs beside it.
using Playing = std::vector<std::unique_ptr<ChildProcess>>;

void measure_load(const char* what, const std::function<Playing(const std::string& dongle)>& start) {
  constexpr int kTime_s = 20;
  const TemporaryFolder folder;
  const std::string iq = "iq=file:" + write_iq(folder, false);
  const std::string log = folder.file("usb.log");
  for (int run = 0; run < 3; ++run) {
    std::filesystem::remove(log);
    const SoundServer server;
    Monitor heard;
    const Playing playing = start(iq + ",log=" + log);
    ChildProcess& program = *playing.front();
    program.wait(2s);
    StallMeter machine(StallMeter::Urgency::highest);
    {
      const Load load(4 * std::max(1U, std::thread::hardware_concurrency()));
      program.wait(std::chrono::seconds(kTime_s));
    }
    const auto stalled = machine.stalled();
    interrupt(program);
    std::printf("%s, run %d: %.3f %% of the samples lost; the machine stood still for %d ms\n%s", what,
                run + 1, 100.0 * static_cast<double>(lost_bytes(log)) / (2.0 * kRate_Hz * kTime_s),
                static_cast<int>(stalled.count()), lines_with("gap", program.errors()).c_str());
    std::fflush(stdout);
  }
}

}  // namespace

TEST_CASE("four busy programs for each processor", "[.][live]") {
  sound_folder();
  REQUIRE(can_have_server());
  measure_load("fmrx", [](const std::string& dongle) {
    Playing playing;
    playing.push_back(std::make_unique<ChildProcess>(receiver(dongle)));
    return playing;
  });
}

// --- memory -----------------------------------------------------------------------------------

namespace {

/// A line of a file in /proc/PID, in kB.
int memory_kB(const std::string& process, const char* file, const std::string& key) {
  std::ifstream lines(std::filesystem::path("/proc") / process / file);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(key)) return std::atoi(line.c_str() + key.size());
  }
  return 0;
}

}  // namespace

TEST_CASE("memory while it plays, of both processes", "[.][live][memory]") {
  sound_folder();
  REQUIRE(can_have_server());
  const TemporaryFolder folder;
  const SoundServer server;
  ChildProcess program(receiver("iq=sim"));
  program.wait(15s);
  const std::string pid = std::to_string(program.id());
  std::string child;
  std::ifstream(std::filesystem::path("/proc") / pid / "task" / pid / "children") >> child;
  // Resident, the pages of the libraries count twice, for each process that shares them.
  int proportional = 0;
  for (const std::string& process : {pid, child}) {
    const int peak = memory_kB(process, "status", "VmHWM:");
    const int share = memory_kB(process, "smaps_rollup", "Pss:");
    std::printf("%s: at most %.1f MB resident; %.1f MB with shared pages in proportion\n",
                process == pid ? "fmrx" : "its sound process", peak / 1e3, share / 1e3);
    CHECK(share > 0);
    proportional += share;
  }
  CHECK(proportional < 30'000);
}

// --- half an hour -----------------------------------------------------------------------------

namespace {

/// A server, a program that plays, and what was heard of it.
struct Soak {
  std::string name;
  std::unique_ptr<ChildProcess> program{};
  std::unique_ptr<ChildProcess> recorder{};
  std::string heard{};
  Clock::time_point recording_since{};
  /// When the server, by what it says, lost audio by itself.
  std::vector<Clock::time_point> late_cycles{};
};

std::vector<std::int16_t> recorded(const std::string& path) {
  std::vector<std::int16_t> samples;
  if (path.ends_with(".raw")) {
    samples.resize(std::filesystem::file_size(path) / 4 * 2);
    std::ifstream(path, std::ios::binary)
        .read(reinterpret_cast<char*>(samples.data()), static_cast<std::streamsize>(2 * samples.size()));
    return samples;
  }
  SF_INFO info{};
  SNDFILE* const file = ::sf_open(path.c_str(), SFM_READ, &info);
  REQUIRE(file != nullptr);
  samples.resize(2 * static_cast<std::size_t>(info.frames));
  samples.resize(2 * static_cast<std::size_t>(::sf_readf_short(file, samples.data(), info.frames)));
  ::sf_close(file);
  return samples;
}

/// Whether the machine stood still for longer than the slack before the moment `when`, or so shortly
/// before that what it did to the delay was still being taken back.
bool excused(const std::vector<StallMeter::Stall>& stalls, Clock::time_point when) {
  return std::any_of(stalls.begin(), stalls.end(), [&](const StallMeter::Stall& stall) {
    return stall.length > 12ms && stall.end - stall.length < when + 1s && when < stall.end + 10s;
  });
}

void judge(Soak& soak, const std::vector<StallMeter::Stall>& stalls) {
  // Half of full scale, less the de-emphasis at 1 kHz: 1 / sqrt(1 + (2 pi 50e-3)^2).
  TonePhase phase(0.5 * 32'768 * 0.954);
  phase.add(recorded(soak.heard));
  const std::vector<std::uint64_t> steps = phase.steps(5);
  REQUIRE(steps.size() >= 2);  // its begin and its end
  const std::uint64_t settled = steps.front() + 10 * 48'000;
  std::vector<StallMeter::Stall> servers;
  for (const Clock::time_point when : soak.late_cycles) servers.push_back({when, 1s});
  int disturbed = 0;
  int servers_own = 0;
  int unexcused = 0;
  for (const std::uint64_t step : steps) {
    if (step < settled || step + 48'000 / 2 > steps.back()) continue;
    ++disturbed;
    const auto when = soak.recording_since + seconds(static_cast<double>(step) / 48'000);
    if (excused(stalls, when)) continue;
    if (excused(servers, when)) {
      ++servers_own;
      continue;
    }
    ++unexcused;
    std::printf("  %s: disturbed %.1f s after its begin\n", soak.name.c_str(),
                static_cast<double>(step - steps.front()) / 48'000);
  }
  const std::string& said = soak.program->errors();
  const std::size_t estimate = said.find("the source is ");
  std::printf(
      "%s: heard for %.0f s; steps of the phase, after 10 s: %d; of them after one of the server's %zu "
      "late cycles: %d; without either, or a stall of the machine: %d\n%s",
      soak.name.c_str(), static_cast<double>(phase.stretches_with_tone()) * 0.005, disturbed,
      soak.late_cycles.size(), servers_own, unexcused,
      (lines_with("from the antenna", said) + lines_with("left out", said) +
       lines_with("audio came too late", said))
          .c_str());
  std::printf("%s", lines_with("overruns", soak.recorder->errors()).c_str());
  std::fflush(stdout);
  CHECK(unexcused == 0);
  REQUIRE(estimate != std::string::npos);
  CHECK(std::abs(std::atoi(said.c_str() + estimate + 14) - 150) <= 5);
}

}  // namespace

TEST_CASE("half an hour from a dongle that is 150 ppm off, without a gap or a step", "[.][soak]") {
  sound_folder();
  REQUIRE(can_have_server());
  const char* const text = std::getenv("FMRX_SOAK_MINUTES");
  const int minutes = text == nullptr ? 30 : std::atoi(text);
  const std::string time_s = std::to_string(60 * minutes);
  const TemporaryFolder folder;
  const std::string dongle = "ppm=150,iq=file:" + write_iq(folder, false);
  StallMeter machine(StallMeter::Urgency::highest);
  std::vector<Soak> soaks;

  const SoundServer pulse;
  Soak on_pulse{.name = "PulseAudio"};
  on_pulse.heard = folder.file("heard.raw");
  const UniqueFd out = new_file(on_pulse.heard);
  on_pulse.recorder.reset(new ChildProcess(
      {{"parec", "-d", "t.monitor", "--latency-msec=200", "--format=s16le", "--rate=48000", "--channels=2"},
       -1,
       out.get()}));
  on_pulse.recorder->hurry();
  REQUIRE(wait_until([&] { return std::filesystem::file_size(on_pulse.heard) > 0; }));
  on_pulse.recording_since = Clock::now();
  on_pulse.program.reset(new ChildProcess(receiver(dongle, {"-t", time_s})));
  soaks.push_back(std::move(on_pulse));

  std::optional<JackServer> jack;
  if (JackServer::can_run()) {
    jack.emplace();
    Soak on_jack{.name = "JACK"};
    on_jack.heard = folder.file("heard.wav");
    on_jack.program.reset(new ChildProcess(receiver(dongle, {"-t", time_s, "--audio-device", "system"})));
    REQUIRE(wait_until([] { return std::system("jack_lsp | grep -q PortAudio:out_1") == 0; }));
    on_jack.recorder.reset(
        new ChildProcess({{"jack_rec", "-f", on_jack.heard, "-d", std::to_string(60 * minutes + 10), "-b",
                           "16", "-B", "480000", "PortAudio:out_0", "PortAudio:out_1"}}));
    on_jack.recorder->hurry();
    on_jack.recording_since = Clock::now();
    soaks.push_back(std::move(on_jack));
  }

  for (Soak& soak : soaks) CHECK(soak.program->wait(std::chrono::minutes(minutes) + 60s) == 0);
  const std::vector<StallMeter::Stall> stalls = machine.stalls();
  Spread stall;
  for (const StallMeter::Stall& each : stalls) stall.add(ms(each.length));
  if (stall.count > 0)
    std::printf("the machine stood still %d times, for up to %.0f ms\n", stall.count, stall.most);
  for (Soak& soak : soaks) {
    soak.recorder->signal(SIGINT);
    soak.recorder->wait(20s);
    if (soak.name == "JACK") soak.late_cycles = jack->late_cycles();
    judge(soak, stalls);
  }
}

// --- devices of any rate ----------------------------------------------------------------------

namespace {

/// Of a tone of about 1 kHz.
struct ToneQuality {
  double frequency_hz;
  double sinad_db;  ///< the median of stretches of 20 ms
};

/// A tone's amplitude and phase, and what is left without it and the mean: by least squares.
struct Fit {
  std::complex<double> tone;
  double rest_power;
};

Fit fit_tone(std::span<const double> mono, double frequency_hz, double rate_hz) {
  // Normal equations for a cosine, a sine and a constant, solved by elimination.
  std::array<std::array<double, 4>, 3> m{};
  double power = 0;
  const auto basis_at = [&](std::size_t n) {
    const double angle = 2 * std::numbers::pi * frequency_hz * static_cast<double>(n) / rate_hz;
    return std::array{std::cos(angle), std::sin(angle), 1.0};
  };
  for (std::size_t n = 0; n < mono.size(); ++n) {
    const auto basis = basis_at(n);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) m[i][j] += basis[i] * basis[j];
      m[i][3] += basis[i] * mono[n];
    }
  }
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      if (k == i) continue;
      const double factor = m[k][i] / m[i][i];
      for (std::size_t j = i; j < 4; ++j) m[k][j] -= factor * m[i][j];
    }
  }
  const std::array solution{m[0][3] / m[0][0], m[1][3] / m[1][1], m[2][3] / m[2][2]};
  for (std::size_t n = 0; n < mono.size(); ++n) {
    const auto basis = basis_at(n);
    const double rest = mono[n] - basis[0] * solution[0] - basis[1] * solution[1] - basis[2] * solution[2];
    power += rest * rest;
  }
  return {{solution[0], -solution[1]}, power / static_cast<double>(mono.size())};
}

ToneQuality quality_of(std::span<const double> mono, double rate_hz) {
  const auto stretch = static_cast<std::size_t>(rate_hz / 50);
  const double stretch_s = static_cast<double>(stretch) / rate_hz;
  const std::size_t count = mono.size() / stretch;
  REQUIRE(count > 100);
  // First the frequency, from how the phase goes on from stretch to stretch; the tone of the file is
  // so near to 1 kHz that no turn is missed.
  double turned_rad = 0;
  std::vector<double> ratios_db;
  double last_rad = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Fit fit = fit_tone(mono.subspan(i * stretch, stretch), 1'000, rate_hz);
    const double now_rad = std::arg(fit.tone);
    const double expected_rad = 2 * std::numbers::pi * 1'000 * stretch_s;
    if (i > 0) turned_rad += std::remainder(now_rad - last_rad - expected_rad, 2 * std::numbers::pi);
    last_rad = now_rad;
    ratios_db.push_back(10 * std::log10(std::norm(fit.tone) / 2 / std::max(fit.rest_power, 1e-9)));
  }
  std::ranges::sort(ratios_db);
  const double time_s = stretch_s * static_cast<double>(count - 1);
  return {1'000 + turned_rad / (2 * std::numbers::pi * time_s), ratios_db[ratios_db.size() / 2]};
}

/// Of the recorded left channel, without its first second and its last half.
ToneQuality quality_of_recording(const std::string& path, double rate_hz) {
  const std::vector<std::int16_t> samples = recorded(path);
  const auto skipped = static_cast<std::size_t>(rate_hz);
  std::vector<double> mono;
  for (std::size_t frame = skipped; frame + skipped / 2 < samples.size() / 2; ++frame)
    mono.push_back(samples[2 * frame]);
  return quality_of(mono, rate_hz);
}

}  // namespace

TEST_CASE("devices of other rates: the right pitch, and clean", "[.][rates]") {
  sound_folder();
  REQUIRE(can_have_server());
  const TemporaryFolder folder;
  const std::string dongle = "iq=file:" + write_iq(folder, false);
  for (const unsigned rate_hz : {8'000U, 44'100U, 48'000U, 96'000U, 192'000U}) {
    const std::string name = std::to_string(rate_hz);
    {
      const SoundServer server(rate_hz);
      ChildProcess program(receiver(dongle));
      program.wait(12s);
      const std::string heard = folder.file(name + ".raw");
      const UniqueFd out = new_file(heard);
      ChildProcess recorder({{"parec", "-d", "t.monitor", "--latency-msec=100", "--format=s16le",
                              "--rate=" + name, "--channels=2"},
                             -1,
                             out.get()});
      program.wait(6s);
      recorder.signal(SIGTERM);
      recorder.wait(kSoundPatience);
      const ToneQuality tone = quality_of_recording(heard, rate_hz);
      interrupt(program);
      std::printf("PulseAudio, %6u Hz: %.4f Hz, SINAD %.1f dB\n%s", rate_hz, tone.frequency_hz, tone.sinad_db,
                  lines_with("from the antenna", program.errors()).c_str());
      CHECK(std::fabs(tone.frequency_hz - 1'000) < 0.05);
      CHECK(tone.sinad_db > 55);
    }
    if (!JackServer::can_run()) continue;
    const JackServer jack(rate_hz);
    ChildProcess program(receiver(dongle, {"--audio-device", "system"}));
    program.wait(12s);
    const std::string heard = folder.file(name + ".wav");
    ChildProcess recorder(
        {{"jack_rec", "-f", heard, "-d", "6", "-b", "16", "PortAudio:out_0", "PortAudio:out_1"}});
    recorder.wait(kSoundPatience);
    const ToneQuality tone = quality_of_recording(heard, rate_hz);
    interrupt(program);
    std::printf("JACK,       %6u Hz: %.4f Hz, SINAD %.1f dB\n%s", rate_hz, tone.frequency_hz, tone.sinad_db,
                lines_with("from the antenna", program.errors()).c_str());
    CHECK(std::fabs(tone.frequency_hz - 1'000) < 0.05);
    CHECK(tone.sinad_db > 55);
  }
}

// --- others -----------------------------------------------------------------------------------

namespace {

/// A second as rtl_fm asks for it.
std::string write_rtl_fm_iq(const TemporaryFolder& folder, bool bursts) {
  constexpr std::uint32_t kRtlFmRate_Hz = 1'020'000;
  return write_iq(folder, bursts, kRtlFmRate_Hz, kRtlFmRate_Hz / 4.0);
}

/// rtl_fm as its manual has it, into a player.
Playing rtl_fm(const std::string& dongle, const std::vector<std::string>& player) {
  Pipe pipe;
  ChildProcess::Setup radio;
  radio.command = {"rtl_fm", "-M", "wbfm", "-f", "92.7M", "-g", "25.4", "-r", "48k", "-"};
  radio.output = pipe.write_end.get();
  Playing playing;
  playing.push_back(std::make_unique<ChildProcess>(on_dongle(radio, dongle)));
  playing.push_back(std::make_unique<ChildProcess>(ChildProcess::Setup{player, pipe.read_end.get()}));
  return playing;
}

const std::vector<std::vector<std::string>>& players() {
  static const std::vector<std::vector<std::string>> all{
      {"pacat", "--rate=48000", "--channels=1", "--format=s16le"},
      {"pacat", "--rate=48000", "--channels=1", "--format=s16le", "--latency-msec=50"},
      {"aplay", "-q", "-r", "48000", "-f", "S16_LE", "-c", "1", "-t", "raw"}};
  return all;
}

}  // namespace

TEST_CASE("rtl_fm, measured alike", "[.][others]") {
  sound_folder();
  REQUIRE(can_have_server());
  const TemporaryFolder folder;
  const std::string log = folder.file("usb.log");
  for (const std::vector<std::string>& player : players()) {
    if (std::system(("command -v " + player.front() + " >/dev/null").c_str()) != 0) continue;
    Spread start;
    Spread hole;
    for (int run = 0; run < 3; ++run) {
      const SoundServer server;
      Monitor heard;
      const auto begun = Clock::now();
      const Playing playing = rtl_fm("iq=file:" + write_rtl_fm_iq(folder, false), player);
      playing.front()->wait(6s);
      heard.finish();
      const auto first = first_audible(heard);
      if (!first) continue;
      start.add(ms(heard.time_of(*first) - begun));
      hole.add(longest_hole_ms(heard));
    }
    std::printf("rtl_fm, %s %s\n", player.front().c_str(), player.back().c_str());
    if (start.count == 0) continue;
    print("  start of the program to sound", start, "ms");
    print("  longest hole in a 1 kHz tone", hole, "ms");
    for (int run = 0; run < 3; ++run) {
      std::filesystem::remove(log);
      const SoundServer server;
      Monitor heard;
      const Playing playing = rtl_fm("iq=file:" + write_rtl_fm_iq(folder, true) + ",log=" + log, player);
      playing.front()->wait(8s);
      heard.finish();
      std::printf("  run %d, bursts, ms (modulo a second):%s\n", run + 1,
                  text_of(bursts_in(heard, stream_begin(log))).c_str());
    }
  }
}

namespace {

/// How long until all of them have ended after Ctrl-C, which a terminal gives to each; nothing: some
/// were still there after five seconds.
std::optional<double> interrupted_ms(const Playing& playing) {
  const auto asked = Clock::now();
  for (const auto& program : playing) program->signal(SIGINT);
  for (const auto& program : playing) {
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - asked);
    if (!program->wait(std::max(5'000ms - spent, 0ms))) return std::nullopt;
  }
  return ms(Clock::now() - asked);
}

void print(const char* what, const std::optional<double>& time_ms, const char* otherwise) {
  if (time_ms) {
    std::printf("  %s: %.0f ms\n", what, *time_ms);
  } else {
    std::printf("  %s: %s\n", what, otherwise);
  }
  std::fflush(stdout);
}

/// From `since` until there is sound; nothing: there was none.
std::optional<double> heard_after_ms(const Monitor& heard, Clock::time_point since) {
  const auto first = first_audible(heard, since);
  if (!first) return std::nullopt;
  return ms(heard.time_of(*first) - since);
}

}  // namespace

TEST_CASE("rtl_fm, what servers and dongles do, measured alike", "[.][others][faults]") {
  sound_folder();
  REQUIRE(can_have_server());
  const TemporaryFolder folder;
  const std::string log = folder.file("usb.log");
  const std::string dongle = "iq=file:" + write_rtl_fm_iq(folder, false);
  const std::vector<std::string>& player = players()[1];
  for (int run = 0; run < 3; ++run) {
    std::printf("rtl_fm, %s %s, run %d\n", player.front().c_str(), player.back().c_str(), run + 1);
    {
      const SoundServer server;
      const Playing playing = rtl_fm(dongle, player);
      playing.front()->wait(3s);
      print("Ctrl-C while it plays", interrupted_ms(playing), "not within 5 s");
    }
    {
      std::optional<SoundServer> server(std::in_place);
      const Playing playing = rtl_fm(dongle, player);
      playing.front()->wait(3s);
      server->die();
      server.reset();
      playing.front()->wait(1'500ms);
      const auto started = Clock::now();
      server.emplace();
      Monitor heard;
      playing.front()->wait(10s);
      heard.finish();
      print("server killed: from its new start to sound", heard_after_ms(heard, started), "not within 10 s");
    }
    {
      // Not whole seconds: bursts come each second, and would hide them.
      constexpr auto kFrozen = 3'300ms;
      std::filesystem::remove(log);
      const SoundServer server;
      Monitor heard;
      const Playing playing = rtl_fm("iq=file:" + write_rtl_fm_iq(folder, true) + ",log=" + log, player);
      playing.front()->wait(4s);
      server.freeze();
      playing.front()->wait(kFrozen);
      server.thaw();
      playing.front()->wait(12s);
      server.freeze();
      playing.front()->wait(400ms);
      const auto ended = interrupted_ms(playing);
      server.thaw();
      heard.finish();
      std::printf("  server frozen for 3.3 s, bursts, ms (modulo a second):%s\n",
                  text_of(bursts_in(heard, stream_begin(log))).c_str());
      print("Ctrl-C while the server is frozen", ended, "not within 5 s");
    }
    {
      std::filesystem::remove(log);
      const SoundServer server;
      Monitor heard;
      const Playing playing = rtl_fm(dongle + ",unplug@3s+1500ms,log=" + log, player);
      playing.front()->wait(1s);
      // What it still had before the dongle went is not counted.
      const auto plugged_in = stream_begin(log) + 4'500ms;
      playing.front()->wait(13s);
      heard.finish();
      print("dongle plugged in again, to sound", heard_after_ms(heard, plugged_in), "not within 10 s");
    }
  }
}

TEST_CASE("rtl_fm under load, measured alike", "[.][others]") {
  sound_folder();
  REQUIRE(can_have_server());
  measure_load("rtl_fm, pacat", [](const std::string& dongle) { return rtl_fm(dongle, players().front()); });
}

#endif
