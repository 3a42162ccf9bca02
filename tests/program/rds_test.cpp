// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the program tells of a station: received, and from files of each kind.

#include <sndfile.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "program/program.hpp"
#include "rds/rds_transmitter.hpp"
#include "sim/rds_encoder.hpp"
#include "sim/station.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using namespace fmrx::test;
using nlohmann::json;

namespace {

constexpr std::uint16_t kPi = 0xD318;
constexpr std::string_view kPs = "TEST FM ";

/// A station that says nothing but its name.
SentGroup name_group(std::size_t index) {
  const std::size_t segment = index % 4;
  const auto pair = static_cast<std::uint16_t>(static_cast<unsigned char>(kPs[2 * segment]) << 8 |
                                               static_cast<unsigned char>(kPs[2 * segment + 1]));
  return {kPi, static_cast<std::uint16_t>(0x0548 | segment), 0xE0CD, pair};
}

std::vector<json> json_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(json::parse(line));
  return lines;
}

/// The last value of a field; empty if no line has it.
std::string last(const std::vector<json>& lines, const char* field) {
  const auto found =
      std::find_if(lines.rbegin(), lines.rend(), [&](const json& line) { return line.contains(field); });
  return found == lines.rend() ? std::string() : found->at(field).get<std::string>();
}

std::string hex(unsigned value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%04X", value);
  return text;
}

/// `fmrx rds` of a file, as JSON.
std::vector<json> decoded(const TemporaryFolder& folder, std::vector<std::string> arguments, int input = -1) {
  const std::string path = folder.file("decoded.json");
  std::remove(path.c_str());
  arguments.insert(arguments.begin(), "rds");
  arguments.insert(arguments.end(), {"--rds", "json:" + path});
  const Run result = run(with_arguments(std::move(arguments), input));
  CAPTURE(result.errors);
  REQUIRE(result.status == 0);
  return json_lines(path);
}

/// The same of a pipe on standard input that another program fills with the file; the first argument says how
/// fmrx is told of it.
std::vector<json> decoded_from_pipe(const TemporaryFolder& folder, const std::string& path,
                                    std::vector<std::string> arguments) {
  Pipe pipe;
  ChildProcess::Setup cat;
  cat.command = {"cat", path};
  cat.output = pipe.write_end.get();
  const ChildProcess writer(cat);
  pipe.write_end.reset();
  return decoded(folder, std::move(arguments), pipe.read_end.get());
}

/// Multiplex of the station, half of full scale at 75 kHz.
std::vector<std::int16_t> multiplex(double rate_hz, double seconds) {
  RdsSignal signal;
  signal.rate_hz = rate_hz;
  signal.groups = name_group;
  RdsTransmitter transmitter(signal);
  std::vector<std::int16_t> samples(static_cast<std::size_t>(rate_hz * seconds));
  for (std::int16_t& sample : samples)
    sample = static_cast<std::int16_t>(std::lround(16'384 * transmitter.next()));
  return samples;
}

void check_is_the_station(const std::vector<json>& lines) {
  REQUIRE_FALSE(lines.empty());
  CHECK(last(lines, "pi") == hex(kPi));
  CHECK(last(lines, "ps") == kPs);
}

std::vector<std::string> simulated(std::vector<std::string> arguments) {
  std::vector<std::string> all{"--source", "sim", "--freq", "92.7M", "-t", "5", "-o", "none"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

}  // namespace

TEST_CASE("what the simulator's station says of itself is written as JSON, hex and events") {
  const auto band = sim::fm_band();
  const auto station =
      std::find_if(band.begin(), band.end(), [](const auto& s) { return s.frequency == Hertz(92.7e6); });
  REQUIRE(station != band.end());
  const TemporaryFolder folder;
  const UniqueFd output = new_file(folder.file("json"));
  const Run received = run(with_arguments(simulated({"--rds", "json:-", "--rds", "hex:" + folder.file("hex"),
                                                     "--rds", "events:" + folder.file("events")}),
                                          -1, output.get()));
  CAPTURE(received.errors);
  REQUIRE(received.status == 0);

  const auto groups = json_lines(folder.file("json"));
  // 5 s hold 57 groups; the first and the last may be cut.
  CHECK(groups.size() >= 55);
  CHECK(groups.size() <= 58);
  CHECK(last(groups, "pi") == hex(station->rds->pi));
  CHECK(last(groups, "ps") == station->rds->ps);
  CHECK(last(groups, "radiotext") == station->rds->radiotext);

  const auto events = json_lines(folder.file("events"));
  const auto count = [&](const char* event) {
    return std::count_if(events.begin(), events.end(),
                         [&](const json& line) { return line["event"] == event; });
  };
  CHECK(count("station") == 1);
  CHECK(count("name") == 1);
  CHECK(count("text") == 1);
  CHECK(count("type") == 1);
  CHECK(events.size() == 4);

  // The log tells the same station, group by group.
  const auto again = decoded(folder, {folder.file("hex")});
  REQUIRE(again.size() == groups.size());
  for (std::size_t i = 0; i < again.size(); ++i) CHECK(again[i]["raw_data"] == groups[i]["raw_data"]);
  CHECK(last(again, "pi") == last(groups, "pi"));
  CHECK(last(again, "ps") == last(groups, "ps"));
  CHECK(last(again, "radiotext") == last(groups, "radiotext"));
}

TEST_CASE("what RDS says goes into recordings' index and to commands") {
  const TemporaryFolder folder;
  const Run result =
      run(with_arguments({"--source", "sim", "--freq", "92.7M", "-t", "5", "-o", folder.file("x.wav"),
                          "--index", "--on-event", "echo <{event}={text}>"}));
  CAPTURE(result.errors);
  REQUIRE(result.status == 0);
  CHECK(result.errors.find("<name=FMRX 927>") != std::string::npos);
  CHECK(result.errors.find("<station=F105>") != std::string::npos);
  const auto files = json_lines(folder.file("x.wav.jsonl"));
  REQUIRE(files.size() == 2);  // that it was begun, and what it became
  CHECK(files[1]["ps"] == json::array({"FMRX 927"}));
  CHECK(files[1]["pi"] == "F105");
}

TEST_CASE("lines are added to what a file holds") {
  const TemporaryFolder folder;
  const std::string log = folder.file("log");
  std::ofstream(log) << "kept\n";
  const std::string station = folder.file("x.spy");
  std::ofstream(station) << "D318 0548 E0CD 5445\n";
  REQUIRE(run(with_arguments({"rds", station, "--rds", "hex:" + log})).status == 0);
  CHECK(contents(log) == "kept\nD318 0548 E0CD 5445\n");
}

TEST_CASE("a raw multiplex and a WAV file of it give the station") {
  const TemporaryFolder folder;
  const auto rate = GENERATE(128'000, 171'000, 192'000);
  CAPTURE(rate);
  const auto samples = multiplex(rate, 2);
  const std::string raw = folder.file("mpx.raw");
  std::ofstream(raw, std::ios::binary)
      .write(reinterpret_cast<const char*>(samples.data()),
             static_cast<std::streamsize>(samples.size() * sizeof samples[0]));
  check_is_the_station(decoded(folder, {raw, "--rate", std::to_string(rate)}));
  check_is_the_station(decoded_from_pipe(folder, raw, {"-", "--rate", std::to_string(rate)}));

  const std::string wav = folder.file("mpx.wav");
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  SNDFILE* const file = ::sf_open(wav.c_str(), SFM_WRITE, &info);
  REQUIRE(file != nullptr);
  ::sf_write_short(file, samples.data(), static_cast<sf_count_t>(samples.size()));
  ::sf_close(file);
  check_is_the_station(decoded(folder, {wav}));
  check_is_the_station(decoded_from_pipe(folder, wav, {"-"}));

  const Run wrong = run(with_arguments({"rds", wav, "--rate", std::to_string(rate)}));
  CHECK(wrong.status == 2);
  CHECK(wrong.errors.find("says its own rate") != std::string::npos);
}

TEST_CASE("a log from a pipe is read from its first line on, as from a file") {
  const TemporaryFolder folder;
  const std::string path = folder.file("x.spy");
  // What looks like a header of other kinds of files is none.
  const std::string first = GENERATE("D318 0548 E0CD 5445", "", "RIFF    WAVE", "fLaC", "ID3");
  CAPTURE(first);
  std::ofstream(path) << first << "\nD318 0549 E0CD 5354\nD318 054A E0CD 2046\nD318 054B E0CD 4D20\n";
  const auto lines = decoded(folder, {path});
  CHECK(lines.size() == (first.starts_with("D318") ? 4 : 3));
  CHECK(decoded_from_pipe(folder, path, {"-"}) == lines);
  CHECK(decoded_from_pipe(folder, path, {"/dev/stdin"}) == lines);
}

TEST_CASE("RDS bits give the station, wherever they begin") {
  const TemporaryFolder folder;
  const std::string path = folder.file("bits");
  std::string bits;
  for (std::size_t index = 0; index < 20; ++index) {
    const SentGroup words = name_group(index);
    constexpr std::array kOffsets{sim::RdsOffset::a, sim::RdsOffset::b, sim::RdsOffset::c, sim::RdsOffset::d};
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint32_t block = sim::rds_block(words[i], kOffsets[i]);
      for (int bit = 25; bit >= 0; --bit) bits += (block >> bit & 1U) != 0 ? '1' : '0';
    }
    bits += '\n';
  }
  std::ofstream(path) << bits.substr(GENERATE(0U, 37U));
  check_is_the_station(decoded(folder, {path}));
}

TEST_CASE("a file without RDS is said to be so") {
  const TemporaryFolder folder;
  const std::string path = folder.file("x");
  std::ofstream(path) << "not a log\n";
  const Run result = run(with_arguments({"rds", path}));
  CHECK(result.status == 4);
  CHECK(result.errors.find("no RDS in") != std::string::npos);
}

TEST_CASE("who wants nothing but RDS is left when its reader has gone") {
  Pipe pipe;
  auto setup = with_arguments({"--source", "sim", "-t", "10h", "-o", "none", "--rds", "json:-"}, -1,
                              pipe.write_end.get());
  ChildProcess program(setup);
  pipe.write_end.reset();
  std::array<char, 16> first{};
  CHECK(::read(pipe.read_end.get(), first.data(), first.size()) > 0);
  pipe.read_end.reset();
  CHECK(program.wait(kPatience) == 0);
}

TEST_CASE("a reader that takes nothing does not hold up a user who leaves") {
  Pipe pipe;
  ChildProcess program(with_arguments({"--source", "sim", "-t", "10h", "-o", "none", "--rds", "json:-"}, -1,
                                      pipe.write_end.get()));
  // Something has come, so the program is receiving; the rest fills the pipe and the queue.
  std::array<char, 16> first{};
  CHECK(::read(pipe.read_end.get(), first.data(), first.size()) > 0);
  program.signal(SIGINT);
  CHECK(program.wait(kPatience) == 0);
}

TEST_CASE("what cannot be written is said at once") {
  const TemporaryFolder folder;
  const Run no_folder = run(with_arguments(simulated({"--rds", "json:" + folder.file("none/x")})));
  CHECK(no_folder.status == 5);
  CHECK(no_folder.errors.find("its folder does not exist") != std::string::npos);
  // The lowest number that the program itself will use.
  const Run not_open = run(with_arguments(simulated({"--rds", "json:fd:3"})));
  CHECK(not_open.status == 5);
  CHECK(not_open.errors.find("cannot write fd:3: it is closed") != std::string::npos);
  const Run full = run(with_arguments(simulated({"--rds", "json:/dev/full"})));
  CHECK(full.status == 5);
  CHECK(full.errors.find("the disk is full") != std::string::npos);
}
