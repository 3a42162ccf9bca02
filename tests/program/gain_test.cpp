// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The gain that the built program finds on the bench dongle by itself, at real pace, beside the best
// of all gains: a station, and a neighbour that may be far stronger. The dongle's front end is
// described in tests/support/usb/README.md.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"
#include "support/usb/gain_truth.hpp"

using namespace std::chrono_literals;
using namespace fmrx;
using namespace fmrx::test;

namespace {

constexpr SampleRate kRate{2'400'000};
/// A dongle that is simulated takes a fifth of a processor.
constexpr std::size_t kSideBySide = 4;

struct Trial {
  TwoLevels levels;
  std::string log{};
  std::unique_ptr<ChildProcess> program{};
};

Trial start(const TwoLevels& levels, const TemporaryFolder& folder, std::size_t number) {
  Trial trial{levels};
  const std::string name = folder.file(std::to_string(number));
  trial.log = name + ".log";
  ChildProcess::Setup setup = with_arguments({"-f", "92.7M", "-t", "8", "-o", name + ".wav"});
  setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN},
                       {"FMRX_USB", "iq=sim:" + std::to_string(levels.station.value()) + ":" +
                                        std::to_string(levels.neighbour.value()) + ",log=" + trial.log}};
  trial.program = std::make_unique<ChildProcess>(setup);
  return trial;
}

/// The number between the last `words` and the `unit` behind them.
double last_number(const std::string& text, const std::string& words, const std::string& unit) {
  const std::size_t end = text.rfind(unit);
  REQUIRE(end != std::string::npos);
  const std::size_t at = text.rfind(words, end);
  REQUIRE(at != std::string::npos);
  return std::atof(text.c_str() + at + words.size());
}

/// Prints a line, and fails if the gain is worse than the best by more than 1 dB.
void judge(Trial& trial) {
  const auto status = trial.program->wait(kPatience);
  const std::string& said = trial.program->errors();
  INFO(said);
  CHECK(status == 0);
  const double chosen = last_number(said, "fmrx: gain ", " dB, chosen");
  // What the dongle was really told.
  CHECK(std::abs(last_number(contents(trial.log), "gain ", " tenths of dB") / 10 - chosen) < 0.05);
  const std::map<double, double> cn = exhaustive_search(kRate, trial.levels);
  const auto best = std::ranges::max_element(cn, {}, [](const auto& entry) { return entry.second; });
  const double lost_dB = best->second - cn.at(chosen);
  std::printf(
      "station %3.0f, neighbour %4.0f dBFS: chosen %4.1f dB, C/N %5.1f dB; best %4.1f dB, C/N %5.1f dB; "
      "%.2f\n",
      trial.levels.station.value(), trial.levels.neighbour.value(), chosen, cn.at(chosen), best->first,
      best->second, lost_dB);
  std::fflush(stdout);
  CHECK(lost_dB <= 1);
}

void try_all(const std::vector<TwoLevels>& all) {
  const TemporaryFolder folder;
  for (std::size_t first = 0; first < all.size(); first += kSideBySide) {
    std::vector<Trial> trials;
    for (std::size_t i = first; i < std::min(first + kSideBySide, all.size()); ++i)
      trials.push_back(start(all[i], folder, i));
    for (Trial& trial : trials) judge(trial);
  }
}

}  // namespace

TEST_CASE("the gain that the program finds is within 1 dB of the best C/N") {
  try_all({{Decibels(-40), Decibels(0)}, {Decibels(-70), Decibels(-20)}});
}

TEST_CASE("the table of docs/reliability.md: gain", "[.table]") {
  std::vector<TwoLevels> all;
  for (const double neighbour : {-200.0, -30.0, -20.0, -10.0, 0.0, 5.0}) {
    for (double level = -80; level <= -10; level += 10) all.push_back({Decibels(level), Decibels(neighbour)});
  }
  try_all(all);
}
