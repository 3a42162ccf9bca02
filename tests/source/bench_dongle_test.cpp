// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// That the bench dongle is right is shown by programs that know nothing of it: rtl-sdr's own.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/catch2.hpp"
#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"
#include "support/usb/pattern.hpp"

using namespace fmrx::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;

bool is_installed(const char* tool) {
  const bool found = ::access((std::string("/usr/bin/") + tool).c_str(), X_OK) == 0;
  if (!found) WARN(tool << " is not installed: skipped");
  return found;
}

ChildProcess::Setup on_bench(std::vector<std::string> command, const std::string& description) {
  ChildProcess::Setup setup;
  setup.command = std::move(command);
  setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN}, {"FMRX_USB", description}};
  return setup;
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool contains(const std::string& text, const char* words) {
  return text.find(words) != std::string::npos;
}

/// How much was lost each time, by the log of the bench.
std::vector<int> losses_bytes(const std::string& log) {
  constexpr std::string_view kWords = " lost ";
  std::vector<int> losses;
  for (auto at = log.find(kWords); at != std::string::npos; at = log.find(kWords, at + 1))
    losses.push_back(std::atoi(log.c_str() + at + kWords.size()));
  return losses;
}

/// rtl_test compares bytes that count up: a multiple of 256 it cannot see.
bool is_seen_by_rtl_test(int loss_bytes) {
  return loss_bytes % 256 != 0;
}

}  // namespace

TEST_CASE("rtl_sdr sets the bench dongle up and records every byte that it sends") {
  if (!is_installed("rtl_sdr")) return;
  const TemporaryFolder folder;
  const std::string log = folder.file("log");
  const std::string iq = folder.file("iq");
  ChildProcess program(
      on_bench({"rtl_sdr", "-f", "92700000", "-s", "1024000", "-g", "28", "-p", "20", "-n", "300000", iq},
               "log=" + log));
  REQUIRE(program.wait(kPatience) == 0);
  const std::string recorded = contents(iq);
  CHECK(recorded.size() == 600'000);
  std::uint64_t place = 0;
  CHECK(std::ranges::all_of(recorded,
                            [&](char c) { return static_cast<unsigned char>(c) == pattern_byte(place++); }));
  // 20 ppm are 1854 Hz of 92.7 MHz.
  for (const char* const event : {"tuned 92698 kHz", "gain 280 tenths", "first samples", "close"}) {
    INFO(contents(log));
    CHECK(contains(contents(log), event));
  }
}

TEST_CASE("rtl_test finds 29 gains and no loss; stopped for a while, it finds a loss") {
  if (!is_installed("rtl_test")) return;
  for (const bool is_stopped : {false, true}) {
    const TemporaryFolder folder;
    const std::string log = folder.file("log");
    const std::string output = folder.file("output");
    const fmrx::UniqueFd output_fd(::open(output.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    auto setup = on_bench({"rtl_test", "-s", "2400000"}, "log=" + log);
    setup.output = output_fd.get();
    ChildProcess program(setup);
    REQUIRE(program.wait_for_message("Reading samples in async mode", kPatience));
    CHECK_FALSE(program.wait(500ms));
    if (is_stopped) {
      // 15 transfers of 256 KiB hold 0.8 s; then the FIFO overflows.
      program.signal(SIGSTOP);
      CHECK_FALSE(program.wait(1500ms));
      program.signal(SIGCONT);
      CHECK_FALSE(program.wait(500ms));
    }
    const std::vector<int> losses_read = losses_bytes(contents(log));
    program.signal(SIGINT);
    REQUIRE(program.wait(kPatience));
    const std::vector<int> losses = losses_bytes(contents(log));
    INFO(contents(log));
    INFO(contents(output));
    CHECK(contains(program.errors(), "Supported gain values (29): 0.0 0.9"));
    CHECK((!losses_read.empty()) >= is_stopped);
    // The last transfers before its end it does not read.
    const bool is_reported = contains(contents(output), "lost at least");
    CHECK(is_reported >= std::ranges::any_of(losses_read, is_seen_by_rtl_test));
    CHECK(is_reported <= std::ranges::any_of(losses, is_seen_by_rtl_test));
  }
}

TEST_CASE("rtl_fm receives a station of the simulated band") {
  if (!is_installed("rtl_fm")) return;
  const TemporaryFolder folder;
  const std::string audio = folder.file("audio");
  ChildProcess program(on_bench({"rtl_fm", "-M", "wbfm", "-f", "92.7M", "-g", "20", audio}, "iq=sim"));
  REQUIRE(program.wait_for_message("Output at", kPatience));
  CHECK_FALSE(program.wait(1500ms));
  program.signal(SIGINT);
  REQUIRE(program.wait(kPatience));
  CHECK(contents(audio).size() > 10'000);
}
