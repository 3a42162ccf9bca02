// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Every fault that the bench dongle has (tests/support/usb), against the built program with the
// real librtlsdr: what it says, how it ends, how soon it plays again. They run in real time, but
// side by side. docs/reliability.md has the table; `[.table]` measures it.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/stall_meter.hpp"
#include "support/temporary_folder.hpp"

using namespace std::chrono_literals;
using namespace fmrx;
using namespace fmrx::test;

namespace {

/// Of sound; the faults begin after one.
constexpr double kRun_s = 4.5;
/// Of programs that run at once.
constexpr std::size_t kSideBySide = kSlowness == 1 ? 30 : 3;

struct Case {
  const char* name;
  const char* bench;
  std::vector<std::string> options;
  int status;
  std::vector<const char*> says;
  std::optional<double> back_within_s{};  ///< of the end of the fault
};

std::vector<Case> cases() {
  const char* const kLost = "was lost";
  const char* const kBack = "is back after";
  return {
      {"none", "", {}, 0, {}},
      {"no device", "dongles=0", {}, 3, {"no RTL-SDR dongle found"}},
      {"no permission", "open=-3", {}, 3, {"no permission", "udev"}},
      {"busy", "claim=-6", {}, 3, {"in use", "dvb_usb_rtl28xxu"}},
      {"kernel driver attached", "driver", {}, 0, {}},
      {"kernel driver that stays", "driver=stuck", {}, 3, {"in use", "dvb_usb_rtl28xxu"}},
      {"unknown tuner", "tuner=none", {}, 3, {"no tuner that librtlsdr knows"}},
      {"Blog V4, old librtlsdr", "v4", {}, 3, {"Blog V4", "2.0.2"}},
      {"PLL does not lock", "pll", {}, 3, {"PLL does not lock"}},
      {"control endpoint dead at the start", "control", {}, 3, {"does not answer"}},
      {"unplugged, --on-lost exit", "unplug@1s", {"--on-lost", "exit"}, 3, {kLost, "still plugged in"}},
      {"unplugged, --on-lost wait:2s",
       "unplug@1s",
       {"--on-lost", "wait:2s"},
       3,
       {kLost, "has not come back within 2.0 s"}},
      {"unplugged, back at another address", "unplug@1s+1500ms", {}, 0, {kLost, kBack}, 2.0},
      {"unplugged, back at the same address", "unplug=same@1s+1500ms", {}, 0, {kLost, kBack}, 2.0},
      {"unplugged, back without permission at first",
       "unplug@1s+1s,open=-3@1s+1200ms",
       {},
       0,
       {kLost, kBack},
       2.0},
      {"unplugged, back with a PLL that does not lock at first",
       "unplug@1s+1s,pll@1s+1200ms",
       {},
       0,
       {kLost, "PLL", kBack},
       2.0},
      {"unplugged, back with a control endpoint dead at first",
       "unplug@1s+500ms,control@1s+800ms",
       {},
       0,
       {kLost, kBack},
       2.5},
      {"silent wedge", "wedge@1s+1100ms", {}, 0, {kLost, "has sent nothing", kBack}, 2.0},
      {"silent wedge at a byte", "wedge@512000b+1100ms", {}, 0, {kLost, "has sent nothing", kBack}, 2.0},
      {"stalled endpoint", "stall=16@1s", {}, 0, {kLost, "has sent nothing", kBack}},
      {"overflow", "overflow=16@1s", {}, 0, {kLost, "has sent nothing", kBack}},
      {"failed resubmit", "resubmit=16@1s", {}, 0, {kLost, "has sent nothing", kBack}},
      {"every transfer fails", "error@1s+500ms", {}, 0, {kLost, kBack}, 2.0},
      {"a few transfers fail", "error=5@1s", {}, 0, {}},
      {"short transfers", "short@1s", {}, 0, {}},
      {"transfers of odd length", "odd@1s", {}, 0, {}},
      {"frozen samples", "frozen@1s+500ms", {}, 0, {}},
      {"frozen samples for long", "frozen@1s+1600ms", {}, 0, {kLost, "same value", kBack}, 2.0},
      {"crystal 150 ppm off", "ppm=150", {}, 0, {}},
  };
}

/// What the bench has logged.
struct BenchLog {
  explicit BenchLog(const std::string& path) {
    std::istringstream text(contents(path));
    for (std::string line; std::getline(text, line);) {
      std::istringstream words(line);
      double when = 0;
      words >> when;
      const std::string event = line.substr(std::min(line.find(' ') + 1, line.size()));
      if (event.starts_with("fault ") && event.ends_with(" begins"))
        fault_begin_s = std::max(fault_begin_s, when);
      if (event.starts_with("fault ") && event.ends_with(" ends")) fault_end_s = std::max(fault_end_s, when);
      if (event == "first samples") first_samples_s.push_back(when);
      if (event == "close") last_close_s = std::max(last_close_s, when);
    }
  }

  double fault_begin_s = 0;
  double fault_end_s = 0;
  double last_close_s = 0;
  std::vector<double> first_samples_s;
};

struct Running {
  Case what;
  std::string log;
  std::unique_ptr<ChildProcess> program;
};

ChildProcess::Setup on_bench(ChildProcess::Setup setup, const std::string& bench, const std::string& log) {
  const std::string comma = bench.empty() ? "" : ",";
  setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN}, {"FMRX_USB", bench + comma + "log=" + log}};
  return setup;
}

void check(Running& run, const std::string& wav, std::chrono::duration<double> stalled) {
  const auto status = run.program->wait(kPatience);
  const std::string& said = run.program->errors();
  INFO(run.what.name << " (" << run.what.bench << ")\n" << said << contents(run.log));
  REQUIRE(status);
  CHECK(*status == run.what.status);
  for (const char* const words : run.what.says) CHECK(said.find(words) != std::string::npos);
  if (run.what.says.empty()) CHECK(said.find("was lost") == std::string::npos);
  if (*status != 0) return;

  const BenchLog log(run.log);
  REQUIRE_FALSE(log.first_samples_s.empty());
  // The time line is kept: as long as the sound, also with a gap in it.
  const double lasted_s = log.last_close_s - log.first_samples_s.front();
  // Samples that waited while the machine stood still follow a gap that ends when they are seen.
  CHECK(lasted_s > kRun_s - 0.1 - stalled.count());
  CHECK(lasted_s < kRun_s + 0.5 * kSlowness + stalled.count());
  CHECK(contents(wav).size() > static_cast<std::size_t>(kRun_s * 48'000) * 4);
  if (run.what.back_within_s) {
    REQUIRE(log.first_samples_s.size() > 1);
    CHECK(log.first_samples_s.back() - log.fault_end_s <
          *run.what.back_within_s * kSlowness + stalled.count());
  }
}

std::string wav_of(const TemporaryFolder& folder, std::size_t number) {
  return folder.file(std::to_string(number) + ".wav");
}

/// Starts the cases from `first` on, as many as run side by side.
std::vector<Running> start(const std::vector<Case>& all, std::size_t first, const TemporaryFolder& folder) {
  std::vector<Running> running;
  for (std::size_t i = first; i < std::min(first + kSideBySide, all.size()); ++i) {
    std::vector<std::string> arguments{"-f",   "92.7M", "-s",  "256k", "-g",
                                       "20.7", "-t",    "4.5", "-o",   wav_of(folder, i)};
    arguments.insert(arguments.end(), all[i].options.begin(), all[i].options.end());
    const std::string log = folder.file(std::to_string(i) + ".log");
    const auto setup = on_bench(with_arguments(arguments), all[i].bench, log);
    running.push_back({all[i], log, std::make_unique<ChildProcess>(setup)});
  }
  return running;
}

}  // namespace

TEST_CASE("every fault of a dongle is survived, or said in words") {
  const TemporaryFolder folder;
  const std::vector<Case> all = cases();
  for (std::size_t first = 0; first < all.size(); first += kSideBySide) {
    StallMeter meter;
    std::vector<Running> running = start(all, first, folder);
    for (std::size_t i = 0; i < running.size(); ++i)
      check(running[i], wav_of(folder, first + i), meter.stalled());
  }
}

TEST_CASE("the table of docs/reliability.md: fmrx", "[.table]") {
  const TemporaryFolder folder;
  const std::vector<Case> all = cases();
  for (std::size_t first = 0; first < all.size(); first += kSideBySide) {
    for (Running& run : start(all, first, folder)) {
      const int status = run.program->wait(kPatience).value_or(-1);
      const BenchLog log(run.log);
      std::printf("%s: status %d", run.what.name, status);
      const bool has_ended = log.fault_end_s > 0;
      if (log.first_samples_s.size() > 1)
        std::printf(", samples again %.2f s after the fault's %s",
                    log.first_samples_s.back() - (has_ended ? log.fault_end_s : log.fault_begin_s),
                    has_ended ? "end" : "begin");
      std::printf("\n%s", run.program->errors().c_str());
    }
  }
}

TEST_CASE("a dongle whose first transfers cannot be submitted is opened again") {
  const TemporaryFolder folder;
  ChildProcess::Setup setup =
      with_arguments({"-f", "92.7M", "-s", "256k", "-g", "20.7", "-t", "1.5", "-o", folder.file("x.wav")});
  setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN}, {"FMRX_USB", "resubmit@0ms+500ms"}};
  const Run done = run(setup);
  INFO(done.errors);
  CHECK(done.status == 0);
  CHECK(done.errors.find("was lost") != std::string::npos);
  CHECK(done.errors.find("is back after") != std::string::npos);
}

TEST_CASE("Ctrl-C ends what hangs in the USB library") {
  const TemporaryFolder folder;
  const std::vector<const char*> benches{"hang=open",     "control", "hang=submit", "hang=events",
                                         "hang=close@1s", "wedge",   "wedge@500ms", "unplug@300ms"};
  StallMeter meter;
  std::vector<std::unique_ptr<ChildProcess>> programs;
  for (const char* const bench : benches) {
    ChildProcess::Setup setup = with_arguments(
        {"-f", "92.7M", "-s", "256k", "-o", folder.file(std::to_string(programs.size()) + ".wav")});
    setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN}, {"FMRX_USB", bench}};
    programs.push_back(std::make_unique<ChildProcess>(setup));
  }
  // No longer than fmrx itself waits for a dongle to open.
  CHECK_FALSE(programs.front()->wait(1200ms + 300ms * kSlowness));
  for (std::size_t i = 0; i < benches.size(); ++i) {
    meter.reset();
    const auto asked = std::chrono::steady_clock::now();
    programs[i]->signal(SIGINT);
    const auto status = programs[i]->wait(kPatience);
    const auto took = std::chrono::steady_clock::now() - asked;
    INFO(benches[i] << "\n" << programs[i]->errors());
    CHECK(status == 0);
    // A quarter of a second is left for closing; the rest is for a busy machine.
    CHECK(took < 1s * kSlowness + meter.stalled());
  }
}

TEST_CASE("fmrx doctor says what is wrong, and what mends it") {
  struct Patient {
    const char* bench;
    std::vector<const char*> says;
  };
  const std::vector<Patient> patients{
      {"", {"ok    permission", "ok    driver", "ok    tuner", "ok    usb", "0 gaps"}},
      {"dongles=0", {"WRONG dongle", "none on the USB", "lsusb"}},
      {"open=-3", {"WRONG permission", "librtlsdr0", "plugdev"}},
      {"claim=-6", {"WRONG driver", "modprobe -r dvb_usb_rtl28xxu"}},
      {"driver=stuck", {"WRONG driver", "modprobe -r dvb_usb_rtl28xxu"}},
      {"tuner=none", {"WRONG tuner", "no tuner that librtlsdr knows"}},
      {"v4", {"WRONG tuner", "Blog V4", "-> install librtlsdr 2.0.2"}},
      {"pll", {"WRONG tuner", "PLL does not lock", "cool down"}},
      {"wedge", {"WRONG usb", "sends nothing", "plug it in again"}},
      {"overflow", {"WRONG usb", "sends nothing", "plug it in again"}},
      {"control", {"WRONG usb", "does not answer", "plug it in again"}},
      {"hang=open", {"WRONG dongle", "the USB does not answer", "plug it in again"}},
      {"unplug@1s", {"WRONG usb", "stopped streaming", "another USB port"}},
      {"error", {"WRONG usb", "stopped streaming", "another USB port"}},
      {"resubmit", {"WRONG usb", "stopped streaming", "another USB port"}},
      {"odd=3@1s", {"WRONG usb", "3 gaps", "another USB port"}},
  };
  const TemporaryFolder folder;
  const auto path = [&](std::size_t i) { return folder.file(std::to_string(i)); };
  for (std::size_t first = 0; first < patients.size(); first += kSideBySide) {
    const std::size_t end = std::min(first + kSideBySide, patients.size());
    std::vector<std::unique_ptr<ChildProcess>> programs;
    for (std::size_t i = first; i < end; ++i) {
      const UniqueFd output = new_file(path(i));
      ChildProcess::Setup setup = with_arguments({"doctor"}, -1, output.get());
      setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN},
                           {"FMRX_USB", patients[i].bench},
                           {"PULSE_SERVER", "unix:" + folder.file("nobody")}};
      programs.push_back(std::make_unique<ChildProcess>(setup));
    }
    for (std::size_t i = first; i < end; ++i) {
      const auto status = programs[i - first]->wait(kPatience);
      const std::string said = contents(path(i));
      INFO(patients[i].bench << "\n" << said << programs[i - first]->errors());
      REQUIRE(status);
      // Whether this machine has sound is not known here.
      if (i == 0) CHECK((*status == 0 || *status == 5));
      if (i != 0) CHECK(*status == 3);
      CHECK((said.find("ok    sound") != std::string::npos || said.find("WRONG sound") != std::string::npos));
      for (const char* const words : patients[i].says) CHECK(said.find(words) != std::string::npos);
    }
  }
}

TEST_CASE("the table of docs/reliability.md: rtl_fm", "[.table]") {
  constexpr double kPlain_bytes_s = 32'000 * 2;
  const TemporaryFolder folder;
  std::vector<std::unique_ptr<ChildProcess>> programs;
  const auto audio = [&](std::size_t i) { return folder.file(std::to_string(i) + ".s16"); };
  const auto log = [&](std::size_t i) { return folder.file(std::to_string(i) + ".log"); };
  const std::vector<Case> all = cases();
  for (std::size_t i = 0; i < all.size(); ++i) {
    ChildProcess::Setup setup;
    setup.command = {"rtl_fm", "-M", "wbfm", "-f", "92.7M", audio(i)};
    programs.push_back(std::make_unique<ChildProcess>(on_bench(setup, all[i].bench, log(i))));
  }
  CHECK_FALSE(programs.front()->wait(8s));
  for (std::size_t i = 0; i < all.size(); ++i) {
    ChildProcess& program = *programs[i];
    const auto early = program.wait(0ms);
    program.signal(SIGINT);
    const auto status = early ? early : program.wait(5s);
    const double sound_s = static_cast<double>(contents(audio(i)).size()) / kPlain_bytes_s;
    const bool says = program.errors().find("not locked") != std::string::npos;
    std::printf("%-55s %-16s status %-4s %.1f s of sound%s\n", all[i].name,
                early    ? "ended by itself"
                : status ? "ended by Ctrl-C"
                         : "ignores Ctrl-C",
                status ? std::to_string(*status).c_str() : "-", sound_s,
                says ? ", says that the PLL is not locked" : "");
  }
}

TEST_CASE("the table of docs/reliability.md: Ctrl-C while streaming starts", "[.table]") {
  constexpr int kTimes = 100;
  const TemporaryFolder folder;
  const auto measure = [&](const char* name, const ChildProcess::Setup& setup) {
    std::mt19937 random(1);
    std::uniform_int_distribution<int> moment_ms(30, 300);
    int hung = 0;
    std::chrono::duration<double, std::milli> longest{};
    for (int i = 0; i < kTimes; ++i) {
      ChildProcess program(on_bench(setup, "", folder.file("log")));
      program.wait(std::chrono::milliseconds(moment_ms(random)));
      const auto asked = std::chrono::steady_clock::now();
      program.signal(SIGINT);
      if (!program.wait(3s)) {
        ++hung;
        continue;
      }
      longest = std::max<decltype(longest)>(longest, std::chrono::steady_clock::now() - asked);
    }
    std::printf(
        "%s, Ctrl-C 30 to 300 ms after its start: %d of %d still there 3 s later, the others %.0f ms at "
        "most\n",
        name, hung, kTimes, longest.count());
  };
  measure("fmrx", with_arguments({"-f", "92.7M", "--overwrite", "-o", folder.file("x.wav")}));
  ChildProcess::Setup other;
  other.command = {"rtl_fm", "-M", "wbfm", "-f", "92.7M", folder.file("x.s16")};
  measure("rtl_fm", other);
}
