// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The real librtlsdr over a stand-in for libusb: tests/support/usb.
#include "source/rtlsdr.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/library_messages.hpp"
#include "rt/foreign_thread.hpp"
#include "rt/run.hpp"
#include "rt/sleep.hpp"
#include "source/reading.hpp"
#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"
#include "support/poller_simulated.hpp"
#include "support/stall_meter.hpp"
#include "support/usb/pattern.hpp"
#include "support/usb/stand_in.hpp"

using namespace fmrx;
using namespace fmrx::source;
using namespace fmrx::test;
using namespace std::chrono_literals;
using Catch::Matchers::WithinAbs;

namespace {

/// 1.024 MS/s, so that the dongle sends 64 transfers of 31744 bytes a second.
constexpr SampleRate kRate{1'024'000};
constexpr std::size_t kTransfer_bytes = 31'744;

RtlsdrConfig config() {
  RtlsdrConfig config;
  config.station = Hertz(92.7e6);
  config.rate = kRate;
  config.on_lost.patience = rt::Duration(0);
  return config;
}

rt::Task<void> open_and_close(RtlsdrConfig config, SourceInfo& info) {
  const std::unique_ptr<Source> source = co_await open_rtlsdr(std::move(config));
  info = source->info();
  co_await source->close();
}

SourceInfo info_of(const RtlsdrConfig& config) {
  rt::EventLoop loop;
  SourceInfo info;
  rt::run(loop, open_and_close(config, info));
  return info;
}

/// Reads until the dongle is lost. What it sent goes to `received`, how it ended is thrown.
rt::Task<void> read_until_lost(Source& source, Bytes& received) {
  rt::AsyncGenerator<IqBlock> stream = source.stream();
  for (;;) {
    IqBlock* const block = co_await stream.next();
    if (block == nullptr) break;
    const IqView view = block->view();
    received.insert(received.end(), view.bytes.begin(), view.bytes.end());
  }
}

/// As many of the pattern's bytes as there are, from its beginning.
bool is_pattern(const Bytes& bytes) {
  std::uint64_t place = 0;
  return std::ranges::all_of(bytes, [&](std::byte b) { return b == std::byte{pattern_byte(place++)}; });
}

rt::Task<bool> opens_within(rt::Duration time, RtlsdrConfig config) {
  const auto source = co_await rt::with_timeout(time, open_rtlsdr(std::move(config)));
  co_return source.has_value();
}

rt::Task<void> read_some_and_close(int blocks) {
  const std::unique_ptr<Source> source = co_await open_rtlsdr(config());
  {
    rt::AsyncGenerator<IqBlock> stream = source->stream();
    for (int i = 0; i < blocks; ++i) {
      IqBlock* const block = co_await stream.next();
      CHECK(block != nullptr);
    }
  }
  co_await source->close();
}

rt::Task<void> read_some_and_leave(int blocks) {
  const std::unique_ptr<Source> source = co_await open_rtlsdr(config());
  rt::AsyncGenerator<IqBlock> stream = source->stream();
  for (int i = 0; i < blocks; ++i) {
    IqBlock* const block = co_await stream.next();
    CHECK(block != nullptr);
  }
}

/// Does not look at the ring again before it has overflowed.
rt::Task<void> read_too_slowly(Source& source, Bytes& received) {
  rt::AsyncGenerator<IqBlock> stream = source.stream();
  for (;;) {
    IqBlock* const block = co_await stream.next();
    if (block == nullptr) break;
    const IqView view = block->view();
    received.insert(received.end(), view.bytes.begin(), view.bytes.end());
    while (source.samples_lost() == 0) std::this_thread::yield();
  }
}

struct Reading {
  std::size_t before = 0;  ///< bytes until the gap
  std::uint64_t gap = 0;   ///< samples
  bool is_silent = true;
};

/// Until `transfers` more have come after a gap.
rt::Task<Reading> read_past_gap(Source& source, std::size_t transfers) {
  Reading reading;
  rt::AsyncGenerator<IqBlock> stream = source.stream();
  for (std::size_t after = 0; after < transfers * kTransfer_bytes;) {
    IqBlock* const block = co_await stream.next();
    if (block == nullptr) break;
    const IqView view = block->view();
    if (block->is_gap()) {
      reading.gap += view.samples();
      for (const std::byte byte : view.bytes)
        reading.is_silent &= byte == std::byte{127} || byte == std::byte{128};
    } else if (reading.gap == 0) {
      reading.before += view.bytes.size();
    } else {
      after += view.bytes.size();
    }
  }
  co_return reading;
}

rt::Task<void> read_until_gain_is(Source& source, Decibels gain) {
  rt::AsyncGenerator<IqBlock> stream = source.stream();
  IqBlock* block = co_await stream.next();
  source.tuner_gain()->set_gain(gain);
  while (block != nullptr && std::abs(fmrx_usb_gain_db() - gain.value()) > 0.01) {
    block = co_await stream.next();
  }
}

rt::Task<bool> closes_within(rt::Duration time, int blocks) {
  const std::unique_ptr<Source> source = co_await open_rtlsdr(config());
  {
    rt::AsyncGenerator<IqBlock> stream = source->stream();
    for (int i = 0; i < blocks % 3; ++i) {
      IqBlock* const block = co_await stream.next();
      CHECK(block != nullptr);
    }
  }
  const bool is_closed = co_await rt::with_timeout(time, source->close());
  co_return is_closed;
}

/// Streams until cancelled or lost, and sets the gain again and again.
rt::Task<void> stream_on(std::unique_ptr<Source>& source, RtlsdrConfig config) {
  source = co_await open_rtlsdr(std::move(config));
  rt::AsyncGenerator<IqBlock> stream = source->stream();
  TunerGain& tuner = *source->tuner_gain();
  for (std::size_t block = 0;; ++block) {
    tuner.set_gain(tuner.gains()[block % tuner.gains().size()]);
    [[maybe_unused]] IqBlock* const next = co_await stream.next();
  }
}

rt::Task<bool> start_and_stop(rt::Duration moment, RtlsdrConfig config) {
  constexpr auto kPatience = 10s;
  std::unique_ptr<Source> source;
  try {
    co_await rt::with_timeout(moment, stream_on(source, std::move(config)));
  } catch (const Error&) {
    // Lost, or not to be opened: as the bench is told.
  }
  if (!source) co_return true;
  const bool is_closed = co_await rt::with_timeout(kPatience, source->close());
  co_return is_closed;
}

int setting(const char* name, int otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::atoi(text) : otherwise;
}

void wait_for_threads_left_behind() {
  while (rt::ForeignThread::left_behind() > 0) std::this_thread::yield();
}

}  // namespace

TEST_CASE("a dongle is opened, tuned beside the station, and streams every sample until it is unplugged") {
  fmrx_usb_set_up("pace=fast,unplug@20t");
  rt::EventLoop loop;
  const auto source = rt::run(loop, open_rtlsdr(config()));
  CHECK(source->info().name == "RTL-SDR 00000001 (R820T)");
  CHECK(source->info().format == IqFormat::cu8);
  CHECK(source->info().rate == kRate);
  CHECK(source->info().live);
  // A quarter of the rate beside the station.
  CHECK(source->info().centre == Hertz(92.7e6 + 256e3));
  CHECK_THAT(fmrx_usb_sample_rate_hz(), WithinAbs(kRate.hz(), 1));
  // The steps of the R820T's PLL: 57.6 MHz / 2^16, divided by 32 at this frequency; librtlsdr
  // counts the oscillator's remainder in kHz.
  CHECK_THAT(fmrx_usb_tuned_hz(), WithinAbs(92.956e6, 100));

  Bytes received;
  const Error error = error_of([&] { rt::run(loop, read_until_lost(*source, received)); });
  CHECK(error.status() == ExitStatus::source);
  CHECK(std::string(error.what()).find("RTL-SDR 00000001 (R820T) was lost") == 0);
  CHECK(received.size() == 20 * kTransfer_bytes);
  CHECK(is_pattern(received));
  CHECK(source->samples_lost() == 0);
  rt::run(loop, source->close());
  CHECK(fmrx_usb_open_dongles() == 0);
}

TEST_CASE("at a low rate the station is at the centre, at a high one 300 kHz beside it") {
  fmrx_usb_set_up("");
  RtlsdrConfig low = config();
  low.rate = SampleRate(256'000);
  CHECK(info_of(low).centre == Hertz(92.7e6));
  RtlsdrConfig high = config();
  high.rate = SampleRate(2'400'000);
  CHECK(info_of(high).centre == Hertz(93.0e6));
  CHECK_THAT(fmrx_usb_tuned_hz(), WithinAbs(93.0e6, 100));
}

TEST_CASE("a dongle is chosen by index or by serial number") {
  fmrx_usb_set_up("dongles=3");
  RtlsdrConfig second = config();
  second.dongle.index = 1;
  CHECK(info_of(second).name == "RTL-SDR 00000002 (R820T)");
  RtlsdrConfig third = config();
  third.dongle.serial = "00000003";
  CHECK(info_of(third).name == "RTL-SDR 00000003 (R820T)");

  rt::EventLoop loop;
  rt::Workers workers;
  const std::vector<DongleInfo> dongles = rt::run(loop, list_dongles(workers));
  REQUIRE(dongles.size() == 3);
  CHECK(dongles[2].index == 2);
  CHECK(dongles[2].serial == "00000003");
  CHECK_FALSE(dongles[2].name.empty());
}

TEST_CASE("the gain is the nearest that the tuner has, which is said") {
  fmrx_usb_set_up("");
  RtlsdrConfig config_with_gain = config();
  config_with_gain.gain = Decibels(20);
  const std::string said = stderr_of([&] { info_of(config_with_gain); });
  CHECK(said.find("gain 19.7 dB: the nearest that the tuner has to 20.0 dB") != std::string::npos);

  rt::EventLoop loop;
  rt::Workers workers;
  const std::vector<Decibels> gains = rt::run(loop, list_gains(DongleChoice(), workers));
  CHECK(gains.size() == 29);  // of an R820T
  CHECK(gains.back() == Decibels(49.6));
}

TEST_CASE("the antenna amplifier is supplied while the dongle is open") {
  fmrx_usb_set_up("");
  rt::EventLoop loop;
  RtlsdrConfig amplified = config();
  amplified.bias_tee = true;
  const auto source = rt::run(loop, open_rtlsdr(amplified));
  CHECK(fmrx_usb_supplies_antenna());
  rt::run(loop, source->close());
  CHECK_FALSE(fmrx_usb_supplies_antenna());
}

TEST_CASE("the error of the crystal is taken out") {
  fmrx_usb_set_up("");
  RtlsdrConfig corrected = config();
  corrected.ppm = 50;
  info_of(corrected);
  // librtlsdr believes the crystal to be 50 ppm fast, and so tunes the one that is not lower.
  CHECK_THAT(fmrx_usb_tuned_hz(), WithinAbs(92.956e6 * (1 - 50e-6), 200));
}

TEST_CASE("what is wrong with a dongle is said in one line") {
  struct Row {
    const char* behaviour;
    RtlsdrConfig config;
    ExitStatus status;
    std::vector<std::string> words;
  };
  RtlsdrConfig low = config();
  low.station = Hertz(10e6);
  RtlsdrConfig other_serial = config();
  other_serial.dongle.serial = "77";
  RtlsdrConfig second = config();
  second.dongle.index = 1;
  RtlsdrConfig bad_rate = config();
  bad_rate.rate = SampleRate(500'000);
  const std::vector<Row> table{
      {"dongles=0", config(), ExitStatus::source, {"no RTL-SDR dongle", "--source sim", "fmrx doctor"}},
      {"open=-3", config(), ExitStatus::source, {"no permission", "udev"}},
      {"claim=-6", config(), ExitStatus::source, {"in use", "dvb_usb_rtl28xxu"}},
      {"open=-1", config(), ExitStatus::source, {"cannot open dongle 0"}},
      {"", second, ExitStatus::source, {"no dongle 1", "--list-devices"}},
      {"", other_serial, ExitStatus::source, {"serial number 77", "--list-devices"}},
      {"", low, ExitStatus::source, {"10 MHz", "R820T reaches 24 to 1766 MHz"}},
      {"", bad_rate, ExitStatus::usage, {"500000 S/s", "--rate"}},
  };
  for (const Row& row : table) {
    fmrx_usb_set_up(row.behaviour);
    const Error error = error_of([&] { info_of(row.config); });
    INFO(row.behaviour << ": " << error.what());
    CHECK(error.status() == row.status);
    for (const std::string& word : row.words)
      CHECK(std::string(error.what()).find(word) != std::string::npos);
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    CHECK(fmrx_usb_open_dongles() == 0);
  }
}

TEST_CASE("opening that hangs can be cancelled, and cleans up once it goes on") {
  fmrx_usb_set_up("hang=open");
  {
    rt::EventLoop loop(std::make_unique<rt::SimulatedPoller>());
    CHECK_FALSE(rt::run(loop, opens_within(1s, config())));
    CHECK(rt::ForeignThread::left_behind() == 1);
  }
  while (rt::ForeignThread::left_behind() > 0) {
    fmrx_usb_release();
    std::this_thread::yield();
  }
  CHECK(fmrx_usb_open_dongles() == 0);
}

TEST_CASE("streaming can be left at any moment, and closing always completes") {
  fmrx_usb_set_up("pace=fast");
  rt::EventLoop loop;
  for (int round = 0; round < 200; ++round) rt::run(loop, read_some_and_close(round % 6));
  CHECK(rt::ForeignThread::left_behind() == 0);
  CHECK(fmrx_usb_open_dongles() == 0);
}

TEST_CASE("a stream that nobody closes ends by itself") {
  fmrx_usb_set_up("pace=fast");
  {
    rt::EventLoop loop;
    for (int round = 0; round < 20; ++round) rt::run(loop, read_some_and_leave(1 + round % 5));
  }
  wait_for_threads_left_behind();
  CHECK(fmrx_usb_open_dongles() == 0);
}

TEST_CASE("a dongle that falls silent is lost after a second") {
  fmrx_usb_set_up("wedge");
  {
    rt::EventLoop loop;
    const auto before = std::chrono::steady_clock::now();
    const auto source = rt::run(loop, open_rtlsdr(config()));
    StallMeter meter;
    const auto opened = std::chrono::steady_clock::now();
    Bytes received;
    const Error error = error_of([&] { rt::run(loop, read_until_lost(*source, received)); });
    const auto lost = std::chrono::steady_clock::now();
    CHECK(error.status() == ExitStatus::source);
    CHECK(std::string(error.what()).find("was lost (it has sent nothing for a second)") != std::string::npos);
    // The silence begins while the dongle opens.
    CHECK(lost - before >= 1s);
    CHECK(lost - opened < 1500ms + meter.stalled());
    CHECK(received.empty());
  }
  wait_for_threads_left_behind();
  CHECK(fmrx_usb_open_dongles() == 0);
}

TEST_CASE("samples that a slow reader misses are counted, and what it gets is whole transfers") {
  // The ring holds 2^20 bytes at this rate.
  constexpr std::uint64_t kTransfers = 60;
  fmrx_usb_set_up("pace=fast,unplug@60t");
  rt::EventLoop loop;
  const auto source = rt::run(loop, open_rtlsdr(config()));
  Bytes received;
  CHECK(error_of([&] { rt::run(loop, read_too_slowly(*source, received)); }).status() == ExitStatus::source);
  CHECK(source->samples_lost() > 0);
  CHECK(received.size() % kTransfer_bytes == 0);
  CHECK(received.size() + 2 * source->samples_lost() == kTransfers * kTransfer_bytes);
  rt::run(loop, source->close());
}

TEST_CASE("a dongle that comes back goes on where it was, with silence in between") {
  // 20 transfers, a fifth of a second away, and another dongle beside it that is not the one.
  fmrx_usb_set_up("dongles=2,pace=fast,unplug@20t+200ms,wedge@40t");
  RtlsdrConfig waits = config();
  waits.on_lost.patience.reset();
  rt::EventLoop loop;
  const auto source = rt::run(loop, open_rtlsdr(waits));
  const Reading reading = rt::run(loop, read_past_gap(*source, 20));
  CHECK(reading.before == 20 * kTransfer_bytes);
  CHECK(reading.is_silent);
  // What was away for a fifth of a second is found at the next look, half a second after the first.
  CHECK(reading.gap >= 2 * kRate.value() / 5);
  CHECK(source->info().name == "RTL-SDR 00000001 (R820T)");
  CHECK_THAT(fmrx_usb_tuned_hz(), WithinAbs(92.956e6, 100));
  rt::run(loop, source->close());
  CHECK(fmrx_usb_open_dongles() == 0);
}

TEST_CASE("transfers of odd length leave I and Q in their places") {
  fmrx_usb_set_up("pace=fast,odd,unplug@20t");
  rt::EventLoop loop;
  const auto source = rt::run(loop, open_rtlsdr(config()));
  Bytes received;
  CHECK(error_of([&] { rt::run(loop, read_until_lost(*source, received)); }).status() == ExitStatus::source);
  REQUIRE(received.size() == 20 * (kTransfer_bytes - 2));
  // The second transfer's first byte, after a byte that the bench withheld and one that has no partner.
  CHECK(received[kTransfer_bytes - 2] == std::byte{pattern_byte(kTransfer_bytes)});
}

TEST_CASE("a PLL that does not lock is an error, though librtlsdr calls it a success") {
  std::FILE* const former = stderr;
  take_over_library_messages();
  fmrx_usb_set_up("pll");
  const Error error = error_of([&] { info_of(config()); });
  CHECK(error.status() == ExitStatus::source);
  CHECK(std::string(error.what()).find("PLL does not lock on 92.956 MHz") != std::string::npos);
  stderr = former;
}

TEST_CASE("the gain can be set while the dongle streams") {
  fmrx_usb_set_up("pace=fast");
  rt::EventLoop loop;
  const auto source = rt::run(loop, open_rtlsdr(config()));
  REQUIRE(source->tuner_gain() != nullptr);
  CHECK(source->tuner_gain()->gains().size() == 29);
  rt::run(loop, read_until_gain_is(*source, Decibels(33.8)));
  rt::run(loop, source->close());
}

TEST_CASE("cancelled at any moment, librtlsdr is never cancelled twice") {
  // Twice, it frees transfers that are in flight; the bench then aborts.
  for (int round = 0; round < 8; ++round) {
    fmrx_usb_set_up("wedge@9t");
    rt::EventLoop loop;
    CHECK(rt::run(loop, closes_within(3s, round)));
  }
}

TEST_CASE("started and stopped at random moments, on all kinds of dongles") {
  // FMRX_CYCLES=1000 FMRX_SEED=2: more of them, and others.
  constexpr std::array kBenches{"pace=fast",
                                "",
                                "wedge@2t",
                                "unplug@2t+20ms",
                                "pace=fast,unplug@50t+10ms",
                                "error@3t+50ms",
                                "resubmit@2t",
                                "frozen@2t,short",
                                "pll@5t,unplug@5t+10ms",
                                "open=-3",
                                "unplug@1t+5ms,claim=-6@1t+100ms"};
  std::mt19937 random(static_cast<unsigned>(setting("FMRX_SEED", 1)));
  std::uniform_int_distribution<std::size_t> any_bench(0, kBenches.size() - 1);
  std::uniform_real_distribution<double> exponent(0, 5);
  const int cycles = setting("FMRX_CYCLES", 30);
  for (int cycle = 0; cycle < cycles; ++cycle) {
    const char* const bench = kBenches[any_bench(random)];
    // 10 us to a second, as often below a millisecond as above ten.
    const auto moment =
        std::chrono::nanoseconds(static_cast<std::int64_t>(1e4 * std::pow(10, exponent(random))));
    INFO("cycle " << cycle << ": " << bench << ", stopped after " << moment.count() << " ns");
    fmrx_usb_set_up(bench);
    RtlsdrConfig waits = config();
    waits.on_lost.patience.reset();
    rt::EventLoop loop;
    REQUIRE(rt::run(loop, start_and_stop(moment, waits)));
  }
  wait_for_threads_left_behind();
  CHECK(fmrx_usb_open_dongles() == 0);
}
