// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "soak/soak.hpp"

#include <dirent.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <random>
#include <sstream>
#include <utility>

#include "radio/pipeline.hpp"
#include "rt/run.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "sink/recording_sink.hpp"
#include "sink/writer_sink.hpp"
#include "soak/numbered_frames.hpp"
#include "soak/simulated_disk.hpp"
#include "soak/simulated_dongle.hpp"
#include "source/dongle_source.hpp"
#include "support/poller_simulated.hpp"

namespace fmrx::test {

namespace {

using namespace std::chrono_literals;

constexpr auto kQuietEnd = 2min;
constexpr auto kMeanPause = 3min;
/// As the program has it for recordings, and for a source that is closed.
constexpr auto kQueue = 16s;
constexpr auto kClosePatience = 250ms;

/// The clocks of a machine that may be suspended and whose wall clock may be set.
class MachineClocks {
 public:
  void suspend(rt::Duration time) { suspended_ += time; }
  void set(rt::Duration by) { set_ += by; }

  [[nodiscard]] rt::Duration suspended() const { return suspended_; }

  [[nodiscard]] Clocks clocks() {
    return {[this] { return UtcTime(kBegin + steady() + set_); }, [this] { return steady(); }};
  }

 private:
  static constexpr std::chrono::nanoseconds kBegin = 1'795'000'000s;  // in November 2026

  [[nodiscard]] std::chrono::nanoseconds steady() const {
    return rt::EventLoop::current().now().time_since_epoch() + suspended_;
  }

  rt::Duration suspended_{};
  rt::Duration set_{};
};

/// A sink that plays, while its server is there; the audio waits in the pipeline's queue, or is dropped.
class Player final : public sink::Sink {
 public:
  void lose_server(rt::Duration time) { away_until_ = rt::EventLoop::current().now() + time; }

  [[nodiscard]] std::string name() const override { return "sound card"; }
  [[nodiscard]] rt::Task<void> open() override { co_return; }
  [[nodiscard]] rt::Task<sink::SinkEnd> run(sink::AudioChannel& audio) override {
    for (;;) {
      const std::optional<sink::AudioBlock> block = co_await audio.pop();
      if (!block) break;
      while (rt::EventLoop::current().now() < away_until_ && !hurried_) co_await rt::sleep_for(20ms);
      frames_ += block->frames();
    }
    co_return sink::SinkEnd::finished;
  }
  void hurry() noexcept override { hurried_ = true; }
  [[nodiscard]] std::chrono::milliseconds buffered() const override { return {}; }

  [[nodiscard]] std::uint64_t frames() const { return frames_; }

 private:
  rt::TimePoint away_until_{};
  bool hurried_ = false;
  std::uint64_t frames_ = 0;
};

std::size_t heap_bytes() {
  return ::mallinfo2().uordblks;
}

int open_descriptors() {
  DIR* const folder = ::opendir("/proc/self/fd");
  int count = 0;
  while (folder != nullptr && ::readdir(folder) != nullptr) ++count;
  if (folder != nullptr) ::closedir(folder);
  return count;
}

class Soak {
 public:
  Soak(const SoakPlan& plan, rt::SimulatedPoller& poller)
      : plan_(plan), poller_(poller), dongle_(plan.ppm, plan.seed) {}

  rt::Task<void> run();
  [[nodiscard]] SoakReport report();

 private:
  rt::Task<void> inflict();
  rt::Task<void> stop_at_end();
  rt::Task<void> look_at_memory();
  void inflict(const Incident& incident);
  [[nodiscard]] std::unique_ptr<sink::Sink> make_recorder();
  void complain(const std::string& about) { report_.complaints.push_back(about); }
  void check_time_line();
  void check_numbers();
  void check_end();

  const SoakPlan& plan_;
  rt::SimulatedPoller& poller_;
  MachineClocks clocks_;
  SimulatedDongle dongle_;
  SimulatedDisk disk_;
  NumberReceiver receiver_;
  std::unique_ptr<source::Source> source_;
  std::vector<std::unique_ptr<sink::Sink>> sinks_;
  Player* player_ = nullptr;  ///< one of them
  std::optional<radio::Pipeline> pipeline_;
  std::uint64_t frames_in_files_ = 0;
  std::optional<UtcTime> last_end_;  ///< what the last file says of itself
  UtcTime stopped_at_utc_{};
  rt::TimePoint stopped_at_{};
  std::size_t heap_before_ = 0;
  int descriptors_before_ = 0;
  SoakReport report_;
};

std::unique_ptr<sink::Sink> Soak::make_recorder() {
  sink::RecordingOptions options;
  options.name = recording::NameTemplate("{start:%Y-%m-%dT%H%M%S}_{number}.wav");
  options.split.length = 10min;
  options.index = "index.jsonl";
  options.live = true;
  auto note_file = [this](const recording::FileRecord& file) {
    frames_in_files_ += file.frames;
    last_end_ = file.end;
  };
  auto writer =
      sink::make_recording_writer([this] { return disk_.open_folder(); }, std::move(options), nullptr,
                                  std::move(note_file), sink::make_encoder, clocks_.clocks());
  return std::make_unique<sink::WriterSink>(std::move(writer), kQueue, sink::StreamFormat{},
                                            disk_.make_runner(), clocks_.clocks());
}

rt::Task<void> Soak::run() {
  source::RtlsdrConfig config;
  config.rate = numbered::kIqRate;
  source::MakeConnection connect = [this](const source::RtlsdrConfig&) { return dongle_.connect(); };
  source_ = co_await source::open_dongle(std::move(config), std::move(connect));
  sinks_.push_back(make_recorder());
  auto player = std::make_unique<Player>();
  player_ = player.get();
  sinks_.push_back(std::move(player));
  for (const auto& sink : sinks_) co_await sink->open();
  pipeline_.emplace(*source_, receiver_, sinks_, std::nullopt);
  rt::Scope beside;
  beside.spawn(inflict());
  beside.spawn(stop_at_end());
  beside.spawn(look_at_memory());
  co_await pipeline_->run();
  co_await rt::with_timeout(kClosePatience, source_->close());
  if (stopped_at_ == rt::TimePoint{}) complain("it ended by itself");
  report_.end_took = rt::EventLoop::current().now() - stopped_at_;
  beside.stop();
  co_await beside.join();
}

rt::Task<void> Soak::inflict() {
  for (const Incident& incident : plan_.incidents) {
    co_await rt::sleep_until(rt::TimePoint(incident.when));
    inflict(incident);
  }
}

void Soak::inflict(const Incident& incident) {
  constexpr auto kHowLongPermissionsTake = 5s;
  switch (incident.mishap) {
    case Mishap::unplug:
      return dongle_.unplug(incident.length);
    case Mishap::replug_without_permission:
      dongle_.unplug(incident.length);
      return dongle_.refuse_to_open(incident.length + kHowLongPermissionsTake);
    case Mishap::silence:
      return dongle_.fall_silent(incident.length);
    case Mishap::wedge:
      return dongle_.wedge();
    case Mishap::freeze:
      return dongle_.freeze(incident.length);
    case Mishap::break_off:
      return dongle_.break_off();
    case Mishap::lost_samples:
      return dongle_.lose_samples(incident.length);
    case Mishap::hang_in_opening:
      dongle_.hang_in_next_opening();
      return dongle_.break_off();
    case Mishap::hang_in_closing:
      dongle_.hang_in_next_closing();
      return dongle_.break_off();
    case Mishap::busy_machine:
      return poller_.stand_still(incident.length);
    case Mishap::suspend:
      return clocks_.suspend(incident.length);
    case Mishap::clock_set:
      return clocks_.set(incident.length);
    case Mishap::sound_server_away:
      return player_->lose_server(incident.length);
    case Mishap::disk_stall:
      return disk_.stall(incident.length);
    case Mishap::disk_full:
      report_.disk_was_full = true;
      return disk_.leave_room(static_cast<std::uint64_t>(incident.length.count()) % 1'000'000);
  }
}

rt::Task<void> Soak::stop_at_end() {
  co_await rt::sleep_until(rt::TimePoint(plan_.length));
  stopped_at_ = rt::EventLoop::current().now();
  stopped_at_utc_ = clocks_.clocks().utc();
  pipeline_->hurry();
}

/// From the first tenth on, when pools and buffers have grown to what they need.
rt::Task<void> Soak::look_at_memory() {
  co_await rt::sleep_until(rt::TimePoint(plan_.length / 10));
  heap_before_ = heap_bytes();
  descriptors_before_ = open_descriptors();
  // In the quiet end, where nothing is waiting in a queue.
  co_await rt::sleep_until(rt::TimePoint(plan_.length - kQuietEnd / 4));
  const std::size_t heap = heap_bytes();
  report_.memory_growth_bytes = heap - std::min(heap, heap_before_);
  report_.descriptors_more = open_descriptors() - descriptors_before_;
}

SoakReport Soak::report() {
  report_.handed_over = dongle_.ledger().handed_over;
  report_.recorded = disk_.track().numbered();
  report_.files = disk_.files();
  report_.frames = disk_.track().frames();
  for (const std::string& about : disk_.complaints()) complain(about);
  if (disk_.index_lines() != disk_.files() && !report_.disk_was_full) complain("a file is not in the index");
  check_numbers();
  check_time_line();
  check_end();
  return report_;
}

/// Every frame is there, once, in its order, or was counted.
void Soak::check_numbers() {
  const NumberTrack& track = disk_.track();
  if (track.wrong() > 0) complain("frames are out of order");
  if (frames_in_files_ != track.frames() && !report_.disk_was_full) complain("files tell a wrong length");
  const std::vector<radio::Pipeline::SinkProgress> sinks = pipeline_->sinks();
  report_.dropped = sinks.front().frames_dropped;
  if (player_->frames() + sinks.back().frames_dropped != pipeline_->frames_played())
    complain("frames for the player were lost and not counted");
  if (report_.disk_was_full) return;
  // Frames of silence are dropped, too, when the disk stalls in a gap.
  const std::uint64_t unread = dongle_.ledger().unread;
  const std::uint64_t accounted = report_.recorded + report_.dropped + unread;
  if (report_.handed_over > accounted)
    complain(std::to_string(report_.handed_over - accounted) + " frames were lost and not counted");
  if (report_.recorded > report_.handed_over) complain("more was recorded than was sent");
}

/// What was recorded is as long as the time was, by the crystal where it ran.
void Soak::check_time_line() {
  const NumberTrack& track = disk_.track();
  if (report_.disk_was_full || track.numbered() == 0) return;
  const double span_s = static_cast<double>(track.span()) / kAudioRate.hz();
  const double sent_s = static_cast<double>(track.last() - track.first() + 1) / kAudioRate.hz();
  const double suspended_s = std::chrono::duration<double>(clocks_.suspended()).count();
  report_.silence_error_s = span_s - sent_s - suspended_s;
  // Samples that the chip loses are known by the clock to a few milliseconds, and what is missing
  // after a suspend likewise. In a gap, the loop's clock counts, and not the crystal.
  const double tolerance_s =
      0.05 + 0.01 * static_cast<double>(plan_.incidents.size()) +
      std::abs(plan_.ppm) * 1e-6 * static_cast<double>(track.missing()) / kAudioRate.hz();
  if (std::abs(report_.silence_error_s) > tolerance_s) {
    std::ostringstream about;
    about << "the recording is " << report_.silence_error_s << " s longer than the time was";
    complain(about.str());
  }
  const double label_error_s = std::chrono::duration<double>(*last_end_ - stopped_at_utc_).count();
  if (std::abs(label_error_s) > 0.25) {
    std::ostringstream about;
    about << "the last file says that it ends " << label_error_s << " s late";
    complain(about.str());
  }
}

void Soak::check_end() {
  // The last half second may wait for its writer.
  if (report_.end_took > 1s) complain("the end took " + std::to_string(report_.end_took / 1ms) + " ms");
  // Pools and lists grow to what the longest stall needs, some hundred kilobytes however long it runs.
  constexpr std::size_t kGrowth_bytes = 512 * 1024;
  if (report_.memory_growth_bytes > kGrowth_bytes)
    complain("memory grew by " + std::to_string(report_.memory_growth_bytes) + " bytes");
  if (report_.descriptors_more > 0) complain("descriptors were left open");
  const bool has_failed = !pipeline_->failures().empty();
  const bool may_fail = report_.disk_was_full;
  if (has_failed && (!may_fail || pipeline_->failures().front().status() != ExitStatus::output))
    complain(std::string("failed: ") + pipeline_->failures().front().what());
  if (!has_failed && may_fail) complain("the full disk was not noticed");
}

}  // namespace

const char* name_of(Mishap mishap) {
  constexpr std::array<const char*, kMishaps> kNames{"unplug",
                                                     "replug without permission",
                                                     "silence",
                                                     "wedge",
                                                     "freeze",
                                                     "break off",
                                                     "lost samples",
                                                     "hang in opening",
                                                     "hang in closing",
                                                     "busy machine",
                                                     "suspend",
                                                     "clock set",
                                                     "sound server away",
                                                     "disk stall",
                                                     "disk full"};
  return kNames[static_cast<std::size_t>(mishap)];
}

SoakPlan make_plan(std::uint64_t seed, rt::Duration length, bool disk_full) {
  // Numbers by hand: distributions differ between standard libraries.
  std::mt19937_64 random(seed);
  const auto fraction = [&random] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
  const auto as_time = [](double seconds) { return rt::Duration(std::llround(seconds * 1e9)); };
  /// Short ones as often as long ones.
  const auto between = [&](double least_s, double most_s) {
    return as_time(least_s * std::pow(most_s / least_s, fraction()));
  };
  SoakPlan plan;
  plan.seed = seed;
  plan.length = length;
  plan.ppm = 400 * fraction() - 200;
  rt::Duration when = between(5, 60);  // the dongle takes a second to open
  while (when < length - kQuietEnd) {
    const auto mishap = static_cast<Mishap>(random() % kMishaps);
    rt::Duration lasts = between(0.05, 30);
    if (mishap == Mishap::suspend) lasts = between(3, 7200);
    if (mishap == Mishap::clock_set) lasts = (random() % 2 == 0 ? 1 : -1) * between(0.3, 86'400);
    if (mishap == Mishap::busy_machine) lasts = between(0.01, 5);
    if (mishap == Mishap::lost_samples) lasts = between(0.05, 0.9);
    if (mishap != Mishap::disk_full || disk_full) plan.incidents.push_back({when, mishap, lasts});
    when += as_time(-std::log(1 - fraction()) * std::chrono::duration<double>(kMeanPause).count());
  }
  return plan;
}

SoakReport soak(const SoakPlan& plan) {
  auto poller = std::make_shared<rt::SimulatedPoller>(plan.seed);
  rt::EventLoop loop(poller);
  Soak soak(plan, *poller);
  rt::run(loop, soak.run());
  return soak.report();
}

}  // namespace fmrx::test
