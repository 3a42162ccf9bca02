// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The program beside real sound servers that come and go.
//
// The hidden case plays for FMRX_SOAK_MINUTES (30) from a dongle that is 150 ppm off:
//   sound_server_test "[soak]"

#include "support/sound_server.hpp"

#include <sndfile.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/stall_meter.hpp"
#include "support/temporary_folder.hpp"
#include "support/tone_phase.hpp"

using namespace std::chrono_literals;
using namespace fmrx;
using namespace fmrx::test;

namespace {

std::int64_t frames_of(const std::string& wav) {
  SF_INFO info{};
  SNDFILE* const file = ::sf_open(wav.c_str(), SFM_READ, &info);
  REQUIRE(file != nullptr);
  ::sf_close(file);
  return info.frames;
}

}  // namespace

TEST_CASE("a recording does not notice that the sound server beside it dies and comes back", "[sound]") {
  if (!can_have_server()) return;
  const TemporaryFolder folder;
  const std::string wav = folder.file("x.wav");
  std::optional<SoundServer> server(std::in_place);
  ChildProcess program(with_arguments({"--source", "sim", "--realtime", "-o", "play", "-o", wav, "-t", "5"}));
  REQUIRE_FALSE(program.wait(1s));
  server->die();
  server.reset();
  CHECK(program.wait_for_message("it will play on when that is back", 2s * kSlowness));
  server.emplace();
  CHECK(program.wait_for_message("sound card: back after", 2s * kSlowness));
  const auto status = program.wait(kPatience);
  INFO(program.errors());
  CHECK(status == 0);
  CHECK(frames_of(wav) == 5 * 48'000);
}

#ifdef FMRX_USB_STAND_IN

namespace {

constexpr std::uint32_t kRate = 2'400'000;

/// A second of a 1 kHz tone, 37.5 kHz of deviation, 300 kHz below the centre: whole periods of all.
void write_tone(const std::string& path) {
  std::vector<char> bytes;
  for (std::uint32_t n = 0; n < kRate; ++n) {
    const double t = n / static_cast<double>(kRate);
    const double phase =
        -2 * std::numbers::pi * std::fmod(300e3 * t, 1.0) + 37.5 * std::sin(2 * std::numbers::pi * 1'000 * t);
    for (const double part : {std::cos(phase), std::sin(phase)})
      bytes.push_back(static_cast<char>(static_cast<unsigned char>(std::lround(127.5 + 63.75 * part))));
  }
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

TonePhase phase_of(const std::string& raw, std::uintmax_t from_byte) {
  // 37.5 kHz are half of full scale, less the de-emphasis at 1 kHz: 1 / sqrt(1 + (2 pi 50e-3)^2).
  TonePhase phase(0.5 * 32'768 * 0.954);
  std::ifstream file(raw, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(from_byte));
  std::vector<std::int16_t> samples(96'000);
  while (file) {
    file.read(reinterpret_cast<char*>(samples.data()), static_cast<std::streamsize>(samples.size() * 2));
    phase.add(std::span(samples).first(static_cast<std::size_t>(file.gcount()) / 4 * 2));
  }
  return phase;
}

}  // namespace

TEST_CASE("half an hour from a dongle that is 150 ppm off, without a gap or a step", "[.][soak]") {
  sound_folder();
  REQUIRE(can_have_server());
  const char* const text = std::getenv("FMRX_SOAK_MINUTES");
  const int minutes = text == nullptr ? 30 : std::atoi(text);
  const TemporaryFolder folder;
  const std::string iq = folder.file("tone.cu8");
  const std::string heard = folder.file("heard.raw");
  write_tone(iq);
  const SoundServer server;
  const UniqueFd out = new_file(heard);
  ChildProcess recorder(
      {{"parec", "-d", "t.monitor", "--latency-msec=200", "--format=s16le", "--rate=48000", "--channels=2"},
       -1,
       out.get()});
  REQUIRE(wait_until([&] { return std::filesystem::file_size(heard) > 0; }));

  ChildProcess::Setup setup =
      with_arguments({"-f", "92.7M", "-g", "25.4", "-v", "-t", std::to_string(60 * minutes)});
  setup.environment = {{"LD_PRELOAD", FMRX_USB_STAND_IN}, {"FMRX_USB", "ppm=150,iq=file:" + iq}};
  ChildProcess program(setup);
  REQUIRE_FALSE(program.wait(10s));
  const std::string first_words = program.errors();
  StallMeter machine;
  const std::uintmax_t settled = std::filesystem::file_size(heard) / 4 * 4;
  CHECK(program.wait(std::chrono::minutes(minutes) + 30s) == 0);
  recorder.signal(SIGTERM);
  recorder.wait(5s);

  const std::string words = program.errors().substr(first_words.size());
  const TonePhase phase = phase_of(heard, settled);
  const std::vector<std::uint64_t> steps = phase.steps(5);
  WARN(words << "the tone was heard for " << phase.stretches_with_tone() * 5 / 1000
             << " s; largest step of its phase " << phase.largest_step_us()
             << " us; the machine stood still for " << machine.stalled().count() << " ms");
  // Its end is one.
  CHECK((steps.size() <= 1 || machine.stalled() > 20ms));
  CHECK((words.find("a gap") == std::string::npos || machine.stalled() > 20ms));
  const std::size_t estimate = words.find("the source is ");
  REQUIRE(estimate != std::string::npos);
  CHECK(std::abs(std::atoi(words.c_str() + estimate + 14) - 150) <= 5);
}
#endif
