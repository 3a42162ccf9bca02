// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// A station on the air whose every text is an attack on the terminal, or on who reads the JSON.

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "program/program.hpp"
#include "rds/rds_transmitter.hpp"
#include "support/can_have_terminal.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using namespace fmrx::test;
using nlohmann::json;
using namespace std::string_literals;

namespace {

constexpr double kRate_Hz = 240e3;

/// Each begins with a word that can be found again, and goes on with what clears screens, sets titles,
/// turns lines round and is no UTF-8.
const std::string kPs = "EVIL\x1B[2J"s;
const std::string kRadioText =
    "EVIL TEXT\x1B]0;title\x07\x1B[1;1H\x08\x7F\x85\x9B"
    "2J\x1Bn\x0A\x0B\x1B\x6E\x1B"
    "c\x00\x1F\x90"s;
const std::string kTypeName = "EVIL\x1B[m\x07"s;
const std::string kUtf8 =
    "EVIL\xE2\x80\xAE\xE2\x81\xA6\xD8\x9C\xC2\x9B\x1B[H\xC0\x80\xE2\x80\xED\xA0\x80\xF8\x88\xFF"s;

/// Byte `at`, or a blank behind the text's end.
unsigned byte_at(const std::string& text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : static_cast<unsigned>(' ');
}

std::uint16_t pair_at(const std::string& text, std::size_t at) {
  return static_cast<std::uint16_t>(byte_at(text, at) << 8 | byte_at(text, at + 1));
}

class HostileGroups {
 public:
  HostileGroups() {
    constexpr unsigned kRadioTextPlusIn11A = 22;
    constexpr unsigned kEnhancedRadioTextIn12A = 24;
    add(3, kRadioTextPlusIn11A, 0, 0x4BD7);
    add(3, kEnhancedRadioTextIn12A, 1, 0x6552);
    for (unsigned k = 0; k < 4; ++k) add(0, k, 0xE0CD, pair_at(kPs, 2 * k));
    for (unsigned k = 0; k < 16; ++k) add(2, k, pair_at(kRadioText, 4 * k), pair_at(kRadioText, 4 * k + 2));
    for (unsigned k = 0; k < 2; ++k) add(10, k, pair_at(kTypeName, 4 * k), pair_at(kTypeName, 4 * k + 2));
    for (unsigned k = 0; k < 8; ++k) add(15, k, pair_at(kUtf8, 4 * k), pair_at(kUtf8, 4 * k + 2));
    for (unsigned k = 0; k < 32; ++k) add(12, k, pair_at(kUtf8, 4 * k), pair_at(kUtf8, 4 * k + 2));
    for (unsigned k = 0; k < 4; ++k) add(14, k, pair_at(kPs, 2 * k), 0xD319);
    // RT+: the title is all of RadioText.
    add(11, 0x08, 1U << 13 | 63U << 1, 0);
  }

  [[nodiscard]] SentGroup operator()(std::size_t index) const { return groups_[index % groups_.size()]; }
  [[nodiscard]] double cycle_s() const { return static_cast<double>(groups_.size()) * kGroupTime_s; }

 private:
  void add(unsigned type, unsigned low_bits, unsigned block3, unsigned block4) {
    groups_.push_back({0xD318, static_cast<std::uint16_t>(type << 12 | low_bits),
                       static_cast<std::uint16_t>(block3), static_cast<std::uint16_t>(block4)});
  }

  std::vector<SentGroup> groups_;
};

/// Three times all that the station says, as cu8.
std::string capture() {
  const HostileGroups groups;
  RdsSignal signal;
  signal.rate_hz = kRate_Hz;
  signal.groups = groups;
  RdsTransmitter transmitter(signal);
  std::string iq;
  double turns = 0;
  for (double left = 3 * groups.cycle_s() * kRate_Hz; left > 0; --left) {
    turns = std::fmod(turns + static_cast<double>(transmitter.next()) * turns_per_unit(kRate_Hz), 1.0);
    const double phase = 2 * std::numbers::pi * turns;
    iq += static_cast<char>(static_cast<unsigned char>(127.5 + 64 * std::cos(phase)));
    iq += static_cast<char>(static_cast<unsigned char>(127.5 + 64 * std::sin(phase)));
  }
  return iq;
}

/// fmrx with a terminal of 200 columns of its own and a capture from a pipe.
class TerminalRun {
 public:
  explicit TerminalRun(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), FMRX_PROGRAM);
    std::vector<char*> words;
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    Pipe pipe;
    winsize size{};
    size.ws_row = 25;
    size.ws_col = 200;
    int terminal = -1;
    process_ = ::forkpty(&terminal, nullptr, nullptr, &size);
    REQUIRE(process_ >= 0);
    if (process_ == 0) {
      ::dup2(pipe.read_end.get(), 0);
      ::setenv("TERM", "xterm", 1);
      ::execv(words[0], words.data());
      ::_exit(127);
    }
    terminal_ = UniqueFd(terminal);
    input_ = std::move(pipe.write_end);
    ::fcntl(input_.get(), F_SETFL, O_NONBLOCK);
  }
  ~TerminalRun() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
  }
  TerminalRun(const TerminalRun&) = delete;
  TerminalRun& operator=(const TerminalRun&) = delete;

  /// Plays, until the terminal has shown each of these and all has been played.
  bool play(std::string_view iq, const std::vector<std::string_view>& wanted) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const auto is_shown = [&](std::string_view text) { return shown_.find(text) != std::string::npos; };
    while (!iq.empty() || !std::all_of(wanted.begin(), wanted.end(), is_shown)) {
      if (std::chrono::steady_clock::now() >= deadline || !look(iq)) return false;
    }
    return true;
  }

  /// The exit status, when the capture is over.
  int finish() {
    input_.reset();
    std::string_view nothing;
    while (look(nothing)) continue;
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  [[nodiscard]] const std::string& shown() const { return shown_; }

 private:
  /// False when the program has closed its terminal.
  bool look(std::string_view& iq) {
    pollfd events[2] = {{terminal_.get(), POLLIN, 0}, {iq.empty() ? -1 : input_.get(), POLLOUT, 0}};
    ::poll(events, 2, 100);
    if ((events[1].revents & POLLOUT) != 0) {
      const auto written = ::write(input_.get(), iq.data(), iq.size());
      if (written > 0) iq.remove_prefix(static_cast<std::size_t>(written));
    }
    if (events[0].revents == 0) return true;
    char buffer[4096];
    const auto got = ::read(terminal_.get(), buffer, sizeof buffer);
    if (got > 0) shown_.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }

  pid_t process_ = -1;
  UniqueFd terminal_;
  UniqueFd input_;
  std::string shown_;
};

/// Whether each character of valid UTF-8 is one that only shows itself.
bool is_harmless(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = size == 1 ? lead : lead & (0xFFU >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) c = c << 6 | (static_cast<unsigned char>(text[at + k]) & 0x3FU);
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
    const bool turns = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                       (c >= 0x2066 && c <= 0x2069);
    if (control || turns) return false;
    at += size;
  }
  return true;
}

bool is_utf8(const std::string& text) {
  return json::accept(json(text).dump(-1, ' ', false, json::error_handler_t::ignore)) &&
         json(text).dump(-1, ' ', false, json::error_handler_t::ignore) ==
             json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Without fmrx's own ways to draw a line again.
std::string without_drawing(std::string text) {
  for (const std::string_view own : {"\x1B[K", "\r", "\n"}) {
    for (std::size_t at = text.find(own); at != std::string::npos; at = text.find(own, at))
      text.erase(at, own.size());
  }
  return text;
}

}  // namespace

TEST_CASE("nothing that a hostile station sends reaches the terminal or JSON as more than letters") {
  if (!can_have_terminal()) return;
  const TemporaryFolder folder;
  const std::string groups = folder.file("groups.json");
  const std::string events = folder.file("events.json");
  const std::string lines = folder.file("groups.spy");
  TerminalRun program({"--source", "-", "--iq-format", "cu8", "-s", "240k", "-f", "92.7M", "-o", "none",
                       "--rds", "json:" + groups, "--rds", "events:" + events, "--rds", "hex:" + lines});
  const std::string iq = capture();
  CHECK(program.play(iq, {"EVIL [2J", "EVIL TEXT"}));
  CHECK(program.finish() == 0);

  const std::string drawn = without_drawing(program.shown());
  REQUIRE(is_utf8(drawn));
  CHECK(is_harmless(drawn));

  for (const std::string& path : {groups, events, lines}) {
    CAPTURE(path);
    std::ifstream file(path);
    std::size_t count = 0;
    for (std::string line; std::getline(file, line); ++count) {
      REQUIRE(is_utf8(line));
      CHECK(is_harmless(line));
      if (path != lines) CHECK(json::accept(line));
    }
    CHECK(count > 4);
  }
  // All of it did arrive.
  const std::string all = contents(groups);
  for (const char* const field : {"\"ps\":\"EVIL", "\"radiotext\":\"EVIL", "\"pty_name\":\"EVIL",
                                  "\"long_ps\":\"EVIL", "\"enhanced_radiotext\":\"EVIL"}) {
    CAPTURE(field);
    CHECK(all.find(field) != std::string::npos);
  }
  const std::string told = contents(events);
  CHECK(told.find("\"event\":\"title\"") != std::string::npos);
}
