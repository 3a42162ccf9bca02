// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What a recording does with time, gaps, names and failures: on made-up clocks and disks.
#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "recording/time_line.hpp"
#include "rt/run.hpp"
#include "sink/audio_feed.hpp"
#include "sink/made_up_disk.hpp"
#include "sink/recording_sink.hpp"
#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"
#include "support/time_zone.hpp"

using namespace fmrx;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using recording::FileRecord;
using sink::RecordingOptions;
using sink::StationNotes;
using test::Disk;
using test::DiskFolder;

namespace {

/// Counts frames instead of encoding them: days pass in no time.
class CountingEncoder final : public sink::AudioEncoder {
 public:
  void write(std::span<const float>) override {}
  void update(const sink::Tags&) override {}
  void finish() override {}
  std::uint64_t salvage() noexcept override { return 0; }
  [[nodiscard]] std::uint64_t clipped() const override { return 0; }
};

std::unique_ptr<sink::AudioEncoder> make_counting_encoder(FileFormat, SampleFormat, recording::ByteOutput&,
                                                          const sink::Tags&) {
  return std::make_unique<CountingEncoder>();
}

RecordingOptions options_from(const std::string& utc) {
  RecordingOptions options;
  options.format = FileFormat::raw;
  options.name = recording::NameTemplate("{freq}_{ps}_{start:%Y-%m-%dT%H%M%z}.raw");
  options.start = *parse_utc(utc);
  options.short_frequency = "92.7M";
  options.index = "index.jsonl";
  return options;
}

struct Recorded {
  Disk disk;
  std::vector<FileRecord> files;
  std::shared_ptr<StationNotes> notes = std::make_shared<StationNotes>();

  std::unique_ptr<sink::BlockingWriter> writer(const RecordingOptions& options,
                                               const sink::MakeEncoder& encoder = sink::make_encoder) {
    return sink::make_recording_writer([this] { return std::make_unique<DiskFolder>(disk); }, options, notes,
                                       [this](const FileRecord& file) { files.push_back(file); }, encoder);
  }
};

/// So many frames, in pieces as they come from the ring.
void write_frames(sink::BlockingWriter& writer, std::uint64_t frames) {
  static const std::vector<float> kSilence(2 * 8'192);
  while (frames > 0) {
    const std::uint64_t now = std::min<std::uint64_t>(frames, kSilence.size() / 2);
    const bool wanted = writer.write(std::span(kSilence).first(2 * now));
    REQUIRE(wanted);
    frames -= now;
  }
}

constexpr std::uint64_t kSecond = 48'000;
constexpr std::uint64_t kHour = 3600 * kSecond;

}  // namespace

TEST_CASE("26 hours by the hour, over a change to summer time and back, are all there") {
  const test::TimeZone zone(test::kCentralEurope);
  struct Change {
    const char* start;
    std::vector<std::string> around;  ///< names of the files about the change
  };
  for (const Change& change :
       {Change{"2026-03-28T11:30:00Z",
               {"92.7M_unknown_2026-03-29T0100+0100.raw", "92.7M_unknown_2026-03-29T0300+0200.raw",
                "92.7M_unknown_2026-03-29T0400+0200.raw"}},
        Change{"2026-10-24T10:30:00Z",
               {"92.7M_unknown_2026-10-25T0200+0200.raw", "92.7M_unknown_2026-10-25T0200+0100.raw",
                "92.7M_unknown_2026-10-25T0300+0100.raw"}}}) {
    Recorded recorded;
    RecordingOptions options = options_from(change.start);
    options.split.length = 1h;
    const auto writer = recorded.writer(options, make_counting_encoder);
    writer->open();
    write_frames(*writer, 26 * kHour);
    writer->close();

    REQUIRE(recorded.files.size() == 27);  // from half past to half past
    CHECK(recorded.disk.files.size() == 27);
    std::uint64_t frames = 0;
    for (std::size_t i = 0; i < recorded.files.size(); ++i) {
      const FileRecord& file = recorded.files[i];
      CHECK(file.first_frame == frames);
      CHECK(file.frames == (i == 0 || i == 26 ? kHour / 2 : kHour));
      CHECK(file.start == options.start + recording::time_of_frames(frames));
      CHECK(file.problem.empty());
      frames += file.frames;
    }
    CHECK(frames == 26 * kHour);
    for (const std::string& name : change.around) {
      CAPTURE(name);
      CHECK(recorded.disk.files.count(name) == 1);
    }
  }
}

TEST_CASE("a length that does not divide a day counts from the beginning") {
  Recorded recorded;
  RecordingOptions options = options_from("2026-07-01T10:20:30Z");
  options.split.length = 7min;
  const auto writer = recorded.writer(options, make_counting_encoder);
  writer->open();
  write_frames(*writer, 15 * 60 * kSecond);
  writer->close();
  REQUIRE(recorded.files.size() == 3);
  CHECK(recorded.files[0].frames == 7 * 60 * kSecond);
  CHECK(recorded.files[1].frames == 7 * 60 * kSecond);
  CHECK(recorded.files[2].frames == 60 * kSecond);
}

TEST_CASE("no file is larger than it may be, and none lacks a frame") {
  Recorded recorded;
  RecordingOptions options = options_from("2026-07-01T10:20:30Z");
  options.name = recording::NameTemplate("{number}.wav");
  options.format = FileFormat::wav;
  options.split.bytes = 1'000'000;
  const auto writer = recorded.writer(options);
  writer->open();
  write_frames(*writer, 600'001);
  writer->close();
  std::uint64_t frames = 0;
  for (const FileRecord& file : recorded.files) {
    CHECK(file.bytes <= 1'000'000);
    frames += file.frames;
  }
  CHECK(frames == 600'001);
  CHECK(recorded.files.size() == 3);
  CHECK(recorded.disk.files.count("0003.wav") == 1);
}

TEST_CASE("what was lost becomes silence of the same length, and is listed, also across files") {
  Recorded recorded;
  RecordingOptions options = options_from("2026-07-01T10:59:58Z");
  options.split.length = 1h;
  const auto writer = recorded.writer(options);
  writer->open();
  write_frames(*writer, kSecond);
  writer->lost(3 * kSecond + 7);
  write_frames(*writer, 10);
  writer->close();
  REQUIRE(recorded.files.size() == 2);
  const FileRecord& first = recorded.files[0];
  const FileRecord& second = recorded.files[1];
  CHECK(first.frames == 2 * kSecond);
  REQUIRE(first.gaps.size() == 1);
  CHECK(first.gaps[0].frame == kSecond);
  CHECK(first.gaps[0].frames == kSecond);
  CHECK(second.frames == 2 * kSecond + 17);
  REQUIRE(second.gaps.size() == 1);
  CHECK(second.gaps[0].frame == 0);
  CHECK(second.gaps[0].frames == 2 * kSecond + 7);
  CHECK(recorded.disk.files.at(first.file) == 4 * first.frames);
  CHECK_THAT(recorded.disk.index, ContainsSubstring(R"("gaps":[{"frame":48000,"frames":48000}])"));
}

TEST_CASE("the list of gaps has an end") {
  Recorded recorded;
  const auto writer = recorded.writer(options_from("2026-07-01T10:00:00Z"), make_counting_encoder);
  writer->open();
  for (int i = 0; i < 1'500; ++i) {
    write_frames(*writer, 1);
    writer->lost(1);
  }
  writer->close();
  CHECK(recorded.files.at(0).gaps.size() == recording::kMostListed);
  CHECK(recorded.files.at(0).gaps_left_out == 500);
  CHECK(recorded.files.at(0).frames == 3'000);
}

namespace {

/// A live recording of so many hours with a crystal that is off, seen once a second.
std::vector<FileRecord> record_live(Recorded& recorded, RecordingOptions options, int hours, double ppm,
                                    int set_at_hour = -1, std::chrono::nanoseconds set_by = 0ns,
                                    int suspend_at_hour = -1, std::chrono::nanoseconds suspended = 0ns) {
  options.live = true;
  const auto writer = recorded.writer(options, make_counting_encoder);
  writer->open();
  UtcTime utc = options.start;
  std::chrono::nanoseconds steady = 0ns;
  double due = 0;
  std::uint64_t written = 0;
  for (int second = 0; second < hours * 3600; ++second) {
    if (second == set_at_hour * 3600) utc += set_by;
    if (second == suspend_at_hour * 3600) {
      utc += suspended;
      steady += suspended;
    }
    writer->arrived(utc, steady);
    utc += 1s;
    steady += 1s;
    due += 48'000 * (1 + ppm * 1e-6);
    const auto now = static_cast<std::uint64_t>(due) - written;
    write_frames(*writer, now);
    written += now;
  }
  writer->close();
  return recorded.files;
}

}  // namespace

TEST_CASE("with a crystal that is off, files begin on the clock all the same") {
  const test::TimeZone zone(test::kCentralEurope);
  Recorded recorded;
  RecordingOptions options = options_from("2026-07-01T00:30:00Z");
  options.split.length = 1h;
  const auto files = record_live(recorded, options, 24, -80);
  REQUIRE(files.size() == 25);
  for (std::size_t i = 1; i < files.size(); ++i) {
    CHECK(files[i].start == options.start + 30min + (i - 1) * 1h);
    // 80 ppm of an hour are 13824 frames; the relation is known to 20 s of that, 77 frames.
    if (i < 24) CHECK(std::abs(static_cast<double>(files[i].frames) - (kHour - 13'824.0)) < 100);
  }
  REQUIRE(files.back().clock_error.has_value());
  // 80 ppm of 24 h are 6.912 s.
  CHECK(std::chrono::abs(*files.back().clock_error - 6'912ms) < 10ms);
}

TEST_CASE("--align keeps the count of frames with the wall clock") {
  const test::TimeZone zone(test::kCentralEurope);
  for (const double ppm : {-80.0, 80.0}) {
    Recorded recorded;
    RecordingOptions options = options_from("2026-07-01T00:00:00Z");
    options.align = true;
    options.split.length = 1h;
    const auto files = record_live(recorded, options, 24, ppm);
    std::int64_t frames = 0;
    std::int64_t aligned = 0;
    for (const FileRecord& file : files) {
      frames += static_cast<std::int64_t>(file.frames);
      aligned += file.aligned_frames;
    }
    // Corrected in steps of 20 ms, a window of 10 s late: 960 frames and a few.
    CHECK(std::abs(frames - static_cast<std::int64_t>(24 * kHour)) < 1'100);
    // 6.912 s at 48 kHz are 331776 frames.
    CHECK(std::abs(std::abs(aligned) - 331'776) < 1'100);
    CHECK((aligned > 0) == (ppm < 0));
  }
}

TEST_CASE("a clock that is set is listed, and the next file begins by the new time") {
  const test::TimeZone zone(test::kCentralEurope);
  for (const std::chrono::nanoseconds by :
       {std::chrono::nanoseconds(25min), std::chrono::nanoseconds(-25min)}) {
    Recorded recorded;
    RecordingOptions options = options_from("2026-07-01T00:30:00Z");
    options.name = recording::NameTemplate("{number}.raw");
    options.split.length = 1h;
    std::vector<FileRecord> files;
    const std::string said = test::stderr_of([&] { files = record_live(recorded, options, 6, 0, 3, by); });
    CHECK_THAT(said,
               ContainsSubstring(by > 0s ? "the clock was set by 1500 s" : "the clock was set by -1500 s"));
    std::uint64_t frames = 0;
    int steps = 0;
    for (const FileRecord& file : files) {
      frames += file.frames;
      steps += static_cast<int>(file.clock_steps.size());
      if (&file != &files.front()) CHECK(file.start.time_since_epoch() % 1h == 0ns);
    }
    CHECK(steps == 1);
    CHECK(frames == 6 * kHour);  // nothing is added or lost
  }
}

TEST_CASE("a suspend becomes silence, and files go on by the clock") {
  const test::TimeZone zone(test::kCentralEurope);
  Recorded recorded;
  RecordingOptions options = options_from("2026-07-01T00:00:00Z");
  options.split.length = 1h;
  std::vector<FileRecord> files;
  const std::string said =
      test::stderr_of([&] { files = record_live(recorded, options, 4, 0, -1, 0ns, 2, 90min); });
  CHECK_THAT(said, ContainsSubstring("nothing came for 5400 s; silence stands for it"));
  std::uint64_t frames = 0;
  std::uint64_t silent = 0;
  for (const FileRecord& file : files) {
    frames += file.frames;
    for (const recording::Gap& gap : file.gaps) silent += gap.frames;
    CHECK(file.start.time_since_epoch() % 1h == 0ns);
  }
  CHECK(silent == 90 * 60 * kSecond);
  CHECK(frames == 4 * kHour + 90 * 60 * kSecond);
}

TEST_CASE("what the station says goes into name and index, whatever it is") {
  const std::vector<std::string> hostile{
      "../../etc", "\x1b[2Jx", "\xF0\x9F\x93\xBB", "", std::string(64, 'A'), "/", "..", "-rf", "a\nb"};
  for (const std::string& ps : hostile) {
    Recorded recorded;
    const auto writer = recorded.writer(options_from("2026-07-01T00:00:00Z"), make_counting_encoder);
    writer->open();
    recorded.notes->post({.pi = "9331", .ps = ps, .title = ps});
    write_frames(*writer, 10);
    writer->close();
    REQUIRE(recorded.files.size() == 1);
    CHECK(recorded.files[0].file.find('/') == std::string::npos);
    CHECK(recorded.files[0].file.size() < 200);
    CHECK(recorded.files[0].file.find_first_of("\x1b\n") == std::string::npos);
    CHECK(recording::read_index(recorded.disk.index).size() == 1);
  }
}

TEST_CASE("carrier to noise and lost signals are listed by file") {
  Recorded recorded;
  RecordingOptions options = options_from("2026-07-01T10:59:50Z");
  options.split.length = 1h;
  const auto writer = recorded.writer(options, make_counting_encoder);
  writer->open();
  recorded.notes->post({.cn_db = 40.0});
  write_frames(*writer, 5 * kSecond);
  recorded.notes->post({.cn_db = 0.0, .signal = false});
  write_frames(*writer, 10 * kSecond);
  recorded.notes->post({.signal = true});
  write_frames(*writer, 5 * kSecond);
  writer->close();
  REQUIRE(recorded.files.size() == 2);
  CHECK(recorded.files[0].cn->mean_db == 20);
  REQUIRE(recorded.files[0].outages.size() == 1);
  CHECK(recorded.files[0].outages[0].from == options.start + 5s);
  CHECK(recorded.files[0].outages[0].to == options.start + 10s);
  REQUIRE(recorded.files[1].outages.size() == 1);
  CHECK(recorded.files[1].outages[0].from == options.start + 10s);
  CHECK(recorded.files[1].outages[0].to == options.start + 15s);
}

TEST_CASE("a disk that fails ends the recording in one line, with what is in it") {
  for (const auto& [error, words] :
       {std::pair(EIO, "the disk reports an error"), std::pair(ENOSPC, "the disk is full"),
        std::pair(EDQUOT, "your disk quota is used up"), std::pair(EROFS, "that disk is read-only")}) {
    Recorded recorded;
    recorded.disk.fails_at = 4 * 2 * kSecond + 1;
    recorded.disk.error = error;
    const auto writer = recorded.writer(options_from("2026-07-01T00:00:00Z"));
    writer->open();
    CHECK_THROWS_WITH(write_frames(*writer, 5 * kSecond),
                      ContainsSubstring("ends after 2.0 s: " + std::string(words)) &&
                          ContainsSubstring("what is in it can be played"));
    REQUIRE(recorded.files.size() == 1);
    CHECK(recorded.files[0].frames == 2 * kSecond);
    CHECK(recorded.files[0].bytes == 4 * 2 * kSecond);
    CHECK_THAT(recorded.files[0].problem, ContainsSubstring(words));
    CHECK(recorded.disk.files.begin()->second == 4 * 2 * kSecond);
  }
}

TEST_CASE("an error that shows only at the end is told, too") {
  Recorded recorded;
  recorded.disk.sync_fails = true;
  const auto writer = recorded.writer(options_from("2026-07-01T00:00:00Z"));
  writer->open();
  write_frames(*writer, kSecond);
  CHECK_THROWS_WITH(writer->close(), ContainsSubstring(".part ends after 1.0 s: the disk reports an error"));
}

TEST_CASE("a disk that fills up is told once, before it is full") {
  Recorded recorded;
  recorded.disk.room = 4 * 60 * kSecond * 5;
  const std::string said = test::stderr_of([&] {
    const auto writer = recorded.writer(options_from("2026-07-01T00:00:00Z"));
    writer->open();
    write_frames(*writer, 5 * kSecond);
    writer->close();
  });
  CHECK_THAT(said, ContainsSubstring("the disk has room for about 5 more minutes"));
  CHECK(said.find("room") == said.rfind("room"));
}

TEST_CASE("a disk that stalls for 7 s costs nothing") {
  Recorded recorded;
  recorded.disk.stalls = true;
  RecordingOptions options = options_from("2026-07-01T00:00:00Z");
  options.live = true;
  rt::EventLoop loop;
  const auto sink =
      sink::make_recording_sink([&] { return std::make_unique<DiskFolder>(recorded.disk); }, options, nullptr,
                                [&](const FileRecord& file) { recorded.files.push_back(file); });
  const auto play = [](sink::Sink& to, Disk& disk, int& refused) -> rt::Task<void> {
    co_await to.open();
    sink::AudioChannel channel(8);
    sink::SinkEnd end{};
    rt::Scope scope;
    scope.spawn(test::run_sink(to, channel, end));
    const std::vector<float> block(2 * 960);
    for (int i = 0; i < 7 * 50; ++i) {  // as a live source: whoever has no room loses it
      sink::AudioBlock audio = test::block_of(block);
      if (!channel.try_push(audio)) ++refused;
      co_await rt::yield();
      co_await rt::yield();
    }
    disk.go_on();
    channel.close();
    co_await scope.join();
  };
  int refused = 0;
  rt::run(loop, play(*sink, recorded.disk, refused));
  CHECK(refused == 0);
  REQUIRE(recorded.files.size() == 1);
  CHECK(recorded.files[0].frames == 7 * kSecond);
  CHECK(recorded.files[0].gaps.empty());
}

TEST_CASE("a sink that was too slow has a gap of exactly what it lost") {
  Recorded recorded;
  rt::EventLoop loop;
  const auto sink = sink::make_recording_sink(
      [&] { return std::make_unique<DiskFolder>(recorded.disk); }, options_from("2026-07-01T00:00:00Z"),
      nullptr, [&](const FileRecord& file) { recorded.files.push_back(file); });
  const auto play = [](sink::Sink& to) -> rt::Task<void> {
    co_await to.open();
    sink::AudioChannel channel(8);
    sink::SinkEnd end{};
    rt::Scope scope;
    scope.spawn(test::run_sink(to, channel, end));
    const auto samples = std::make_shared<const std::vector<float>>(2 * 960);
    for (const std::uint64_t frame : {0U, 960U, 5'000U, 5'960U, 10'000U}) {
      sink::AudioBlock block(samples, frame);
      co_await channel.push(block);
    }
    channel.close();
    co_await scope.join();
  };
  rt::run(loop, play(*sink));
  REQUIRE(recorded.files.size() == 1);
  const FileRecord& file = recorded.files[0];
  CHECK(file.frames == 10'960);
  REQUIRE(file.gaps.size() == 2);
  CHECK(file.gaps[0].frame == 1'920);
  CHECK(file.gaps[0].frames == 5'000 - 1'920);
  CHECK(file.gaps[1].frame == 6'920);
  CHECK(file.gaps[1].frames == 10'000 - 6'920);
}
