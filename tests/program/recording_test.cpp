// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the program records, from a clean command line to the samples in the file.

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

#include "program/program.hpp"
#include "sim/programme.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"
#include "support/tone.hpp"

using namespace fmrx;
using namespace fmrx::test;

namespace {

struct Wav {
  int rate = 0;
  std::vector<double> left;
  std::vector<double> right;
};

Wav read_wav(const std::string& path) {
  SF_INFO info{};
  SNDFILE* const file = ::sf_open(path.c_str(), SFM_READ, &info);
  REQUIRE(file != nullptr);
  REQUIRE(info.channels == 2);
  std::vector<double> samples(static_cast<std::size_t>(info.frames) * 2);
  REQUIRE(::sf_readf_double(file, samples.data(), info.frames) == info.frames);
  ::sf_close(file);
  Wav wav;
  wav.rate = info.samplerate;
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    wav.left.push_back(samples[i]);
    wav.right.push_back(samples[i + 1]);
  }
  return wav;
}

/// What the station on that frequency plays.
Wav programme(Hertz frequency, std::size_t frames) {
  const auto band = sim::fm_band();
  const auto station =
      std::find_if(band.begin(), band.end(), [&](const auto& s) { return s.frequency == frequency; });
  REQUIRE(station != band.end());
  sim::Programme player(*station);
  std::vector<float> samples(frames * 2);
  player.render(samples);
  Wav wav;
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    wav.left.push_back(static_cast<double>(samples[i]));
    wav.right.push_back(static_cast<double>(samples[i + 1]));
  }
  return wav;
}

/// `signal` between its samples, `delay` later: by a sinc of 64 samples under a Hann window, whose
/// error is below -100 dB for audio up to 15 kHz at 48 kHz.
double delayed(const std::vector<double>& signal, std::size_t at, double delay) {
  constexpr int kHalf = 32;
  const double position = static_cast<double>(at) - delay;
  const auto base = static_cast<std::ptrdiff_t>(std::floor(position));
  double sum = 0;
  for (int i = -kHalf + 1; i <= kHalf; ++i) {
    const std::ptrdiff_t index = base + i;
    if (index < 0 || index >= static_cast<std::ptrdiff_t>(signal.size())) continue;
    const double x = position - static_cast<double>(index);
    const double phase = std::numbers::pi * x;
    const double sinc = std::fabs(x) < 1e-12 ? 1.0 : std::sin(phase) / phase;
    const double window = 0.5 + 0.5 * std::cos(phase / kHalf);
    sum += signal[static_cast<std::size_t>(index)] * sinc * window;
  }
  return sum;
}

/// Power of what was sent over that of the difference to what was heard `delay` frames later.
/// Every 7th frame suffices to tell.
double snr_db(const std::vector<double>& sent, const std::vector<double>& heard, double delay) {
  double signal = 0;
  double error = 0;
  for (std::size_t i = 0; i < heard.size(); i += 7) {
    const double expected = delayed(sent, i, delay);
    signal += expected * expected;
    error += (heard[i] - expected) * (heard[i] - expected);
  }
  return 10 * std::log10(signal / error);
}

/// The one constant delay with which the two agree best, up to 20 ms: a coarse search, then
/// golden section.
double best_delay(const std::vector<double>& sent, const std::vector<double>& heard) {
  const std::size_t from = std::min<std::size_t>(heard.size() / 2, 96'000);
  double best = 0;
  double most = 0;
  for (int delay = 0; delay <= 960; ++delay) {
    double sum = 0;
    for (std::size_t i = from; i < from + 8'000; ++i)
      sum += heard[i] * sent[i - static_cast<std::size_t>(delay)];
    if (sum > most) {
      most = sum;
      best = delay;
    }
  }
  double low = best - 1;
  double high = best + 1;
  const double golden = (std::sqrt(5.0) - 1) / 2;
  const std::vector<double> part(heard.begin(), heard.begin() + static_cast<std::ptrdiff_t>(from + 24'000));
  while (high - low > 1e-4) {
    const double a = high - golden * (high - low);
    const double b = low + golden * (high - low);
    if (snr_db(sent, part, a) > snr_db(sent, part, b)) {
      high = b;
    } else {
      low = a;
    }
  }
  return (low + high) / 2;
}

}  // namespace

TEST_CASE("ten seconds of the simulator are 480000 frames of what it plays") {
  const TemporaryFolder folder;
  const std::string path = folder.file("x.wav");
  const Run done = run(with_arguments({"--freq", "92.7M", "--source", "sim", "-o", path, "-t", "10"}));
  INFO(done.errors);
  REQUIRE(done.status == 0);
  const Wav heard = read_wav(path);
  CHECK(heard.rate == 48'000);
  REQUIRE(heard.left.size() == 480'000);
  const Wav sent = programme(Hertz(92.7e6), heard.left.size());
  const double delay_frames = best_delay(sent.left, heard.left);
  CHECK(delay_frames <= 0.020 * 48'000);
  // With a gain of exactly one: nothing is fitted but the delay, which both channels share.
  CHECK(snr_db(sent.left, heard.left, delay_frames) >= 60);
  CHECK(snr_db(sent.right, heard.right, delay_frames) >= 60);
}

TEST_CASE("a mono station is heard on both channels alike") {
  const TemporaryFolder folder;
  const std::string path = folder.file("x.wav");
  const Run done = run(with_arguments({"--freq", "93.5M", "--source", "sim", "-o", path, "-t", "2"}));
  REQUIRE(done.status == 0);
  const Wav heard = read_wav(path);
  CHECK(heard.left == heard.right);
}

TEST_CASE("a run is the same every time, and another with a seed") {
  const TemporaryFolder folder;
  const auto recorded = [&](const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> arguments{"--source", "sim", "-t", "1", "-o", folder.file(name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(run(with_arguments(arguments)).status == 0);
    return contents(folder.file(name));
  };
  const std::string first = recorded("1.raw", {});
  REQUIRE(first.size() == 192'000);
  CHECK((first == recorded("2.raw", {})));
  CHECK((first != recorded("3.raw", {"--seed", "7"})));
}

TEST_CASE("file, named pipe and standard input give the same bytes, in blocks of any size") {
  const TemporaryFolder folder;
  const std::string iq = folder.file("band_92.5M_1M.cu8");
  REQUIRE(
      run(with_arguments({"sim", "-f", "92.7M", "--center", "92.5M", "-s", "1M", "-t", "1.3", "--iq", iq}))
          .status == 0);

  const std::string from_file = folder.file("file.raw");
  {
    const UniqueFd out = new_file(from_file);
    const Run done = run(with_arguments({"--source", "file:" + iq, "-f", "92.7M", "-o", "-"}, -1, out.get()));
    INFO(done.errors);
    REQUIRE(done.status == 0);
  }
  const std::string expected = contents(from_file);
  REQUIRE(expected.size() == 62'400 * 4);

  SECTION("standard input, written in pieces of odd sizes") {
    Pipe pipe;
    const std::string heard_path = folder.file("stdin.raw");
    const UniqueFd out = new_file(heard_path);
    std::thread writer([&] {
      const std::string bytes = contents(iq);
      std::size_t size = 1;
      for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t count = std::min(size, bytes.size() - at);
        const auto written = ::write(pipe.write_end.get(), bytes.data() + at, count);
        if (written <= 0) break;
        at += static_cast<std::size_t>(written);
        size = size * 5 % 20'011 + 1;
      }
      pipe.write_end.reset();
    });
    const Run done = run(with_arguments(
        {"--source", "-", "-s", "1M", "--iq-format", "cu8", "--center", "92.5M", "-f", "92.7M", "-o", "-"},
        pipe.read_end.get(), out.get()));
    writer.join();
    INFO(done.errors);
    REQUIRE(done.status == 0);
    CHECK(contents(heard_path) == expected);
  }
  SECTION("standard input from a file") {
    const UniqueFd in(::open(iq.c_str(), O_RDONLY | O_CLOEXEC));
    const std::string heard_path = folder.file("redirected.raw");
    const UniqueFd out = new_file(heard_path);
    const Run done =
        run(with_arguments({"--source", "-", "-s", "1M", "--iq-format", "cu8", "--offset", "200k", "-o", "-"},
                           in.get(), out.get()));
    REQUIRE(done.status == 0);
    CHECK(contents(heard_path) == expected);
  }
  SECTION("a WAV file and a raw pipe at once hold the same samples") {
    const std::string wav = folder.file("x.wav");
    const std::string raw = folder.file("x.raw");
    const UniqueFd out = new_file(raw);
    const Run done =
        run(with_arguments({"--source", "file:" + iq, "-f", "92.7M", "-o", "-", "-o", wav}, -1, out.get()));
    REQUIRE(done.status == 0);
    CHECK(contents(raw) == expected);
    const std::string file = contents(wav);
    REQUIRE(file.size() > expected.size());
    CHECK(file.find(expected) != std::string::npos);
  }
}

TEST_CASE("the multiplex of the simulator has its pilot, in a file and on standard output alike") {
  const TemporaryFolder folder;
  const std::string format = GENERATE("s16", "f32");
  const std::string path = folder.file("mpx.wav");
  const std::string raw = folder.file("mpx.raw");
  const std::vector<std::string> common{
      "--source", "sim", "-t", "1", "--sample-format", format, "-o", "none", "--mpx-rate", "171k", "--mpx"};
  auto to_file = common;
  to_file.push_back(path);
  const Run filed = run(with_arguments(to_file));
  INFO(filed.errors);
  REQUIRE(filed.status == 0);
  auto to_pipe = common;
  to_pipe.emplace_back("-");
  {
    const UniqueFd out = new_file(raw);
    REQUIRE(run(with_arguments(to_pipe, -1, out.get())).status == 0);
  }

  SF_INFO info{};
  SNDFILE* const file = ::sf_open(path.c_str(), SFM_READ, &info);
  REQUIRE(file != nullptr);
  CHECK(info.channels == 1);
  CHECK(info.samplerate == 171'000);
  REQUIRE(info.frames == 171'000);
  std::vector<double> samples(171'000);
  REQUIRE(::sf_readf_double(file, samples.data(), info.frames) == info.frames);
  ::sf_close(file);
  const std::vector<double> late(samples.begin() + 17'100, samples.end());
  // The simulator's station sends 6.75 kHz of 100; noise and programme beside it are far below 1 %.
  CHECK(std::fabs(fit_tone(late, 19.0 / 171).amplitude() / 0.0675 - 1) < 0.01);

  const std::string bytes = contents(raw);
  const std::string in_file = contents(path);
  CHECK(bytes.size() == 171'000 * (format == "s16" ? 2U : 4U));
  CHECK((in_file.find(bytes) != std::string::npos));
}

TEST_CASE("one channel of 24 bits makes a file that others read, odd as its length is") {
  const TemporaryFolder folder;
  const std::string path = folder.file("mpx.wav");
  // 16,001 frames of audio are 57,003.6 samples.
  const Run done = run(with_arguments({"--source", "sim", "-t", "0.33336", "--sample-format", "s24", "-o",
                                       "none", "--mpx-rate", "171k", "--mpx", path}));
  INFO(done.errors);
  REQUIRE(done.status == 0);
  SF_INFO info{};
  SNDFILE* const file = ::sf_open(path.c_str(), SFM_READ, &info);
  REQUIRE(file != nullptr);
  CHECK(info.frames == 57'003);
  CHECK(contents(path).size() % 2 == 0);
  ::sf_close(file);
}

TEST_CASE("a multiplex that the source is too slow for is refused in one line") {
  const TemporaryFolder folder;
  const Run done = run(with_arguments({"--source", "sim", "-s", "240k", "-t", "1", "-o", "none", "--mpx-rate",
                                       "384k", "--mpx", folder.file("mpx.wav")}));
  CHECK(done.status == 2);
  CHECK(done.errors.find("choose a lower --mpx-rate") != std::string::npos);
}

TEST_CASE("IQ that is recorded is what the source yielded, and sounds the same when it is played again") {
  const TemporaryFolder folder;
  const std::string iq = folder.file("band_92.5M_1M.cu8");
  REQUIRE(
      run(with_arguments({"sim", "-f", "92.7M", "--center", "92.5M", "-s", "1M", "-t", "1.3", "--iq", iq}))
          .status == 0);
  const std::string pair = folder.file("x.sigmf-data");
  const Run recorded = run(
      with_arguments({"--source", "file:" + iq, "-f", "92.7M", "-o", folder.file("a.raw"), "--iq", pair}));
  INFO(recorded.errors);
  REQUIRE(recorded.status == 0);
  CHECK(contents(pair) == contents(iq));

  // Format, rate and centre stand in the pair.
  for (const char* name : {"x.sigmf-meta", "x.sigmf-data"}) {
    const std::string again = folder.file(std::string(name) + ".raw");
    const Run played =
        run(with_arguments({"--source", "file:" + folder.file(name), "-f", "92.7M", "-o", again}));
    INFO(played.errors);
    REQUIRE(played.status == 0);
    CHECK(contents(again) == contents(folder.file("a.raw")));
  }

  const Run refused =
      run(with_arguments({"--source", "file:" + iq, "-f", "92.7M", "-o", "none", "--iq", pair}));
  CHECK(refused.status == 5);
  CHECK_THAT(refused.errors, Catch::Matchers::ContainsSubstring("x.sigmf-data or its .sigmf-meta exists"));
}

TEST_CASE("IQ that cannot be written any more ends a run that was for nothing else") {
  const TemporaryFolder folder;
  const std::string limited = "ulimit -f 4001; exec \"$0\" \"$@\"";  // blocks of 512 or 1024 bytes
  ChildProcess::Setup setup;
  setup.command = {"sh",    "-c", limited, FMRX_PROGRAM, "--source", "sim",  "-f",
                   "92.7M", "-s", "1M",    "-o",         "none",     "--iq", folder.file("x.sigmf-data")};
  const Run done = run(setup);
  CHECK(done.status == 5);
  CHECK_THAT(done.errors, Catch::Matchers::ContainsSubstring("x.sigmf-data ends after "));
  const std::size_t bytes = contents(folder.file("x.sigmf-data")).size();
  CHECK((bytes == 4001 * 512 || bytes == 4001 * 1024));
  CHECK(contents(folder.file("x.sigmf-meta")).find("\"core:sample_rate\": 1000000") != std::string::npos);
}
