// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/recording_sink.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <new>
#include <span>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "recording/recovery.hpp"
#include "recording/time_line.hpp"
#include "sink/count_frames.hpp"
#include "sink/room_warning.hpp"
#include "sink/sample_format.hpp"
#include "sink/system_cause.hpp"
#include "sink/writer_sink.hpp"

namespace fmrx::sink {

namespace {

using namespace std::chrono_literals;
using recording::Arrival;
using recording::FileRecord;
using recording::frames_in;
using recording::OpenFolder;
using recording::time_of_frames;

/// SD cards stall for 4 to 7 s while they tidy up. A source that is not live waits meanwhile.
constexpr auto kLiveQueue = 16s;
constexpr auto kQueue = 2s;
/// What --align lets stand.
constexpr auto kAlignStep = 20ms;

constexpr const char* kDeleted = "somebody has deleted it";

std::string in_seconds(std::uint64_t frames) {
  const std::uint64_t tenths = frames * 10 / kAudioRate.value();
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

/// Without a frame, the files of the others are none that players take.
bool has_form_for_nothing(FileFormat format) {
  return format == FileFormat::wav || format == FileFormat::raw;
}

class RecordingWriter final : public BlockingWriter {
 public:
  RecordingWriter(OpenFolder folder, RecordingOptions options, std::shared_ptr<StationNotes> notes,
                  FileFinished finished, MakeEncoder encoder, Clocks clocks)
      : open_folder_(std::move(folder)),
        options_(std::move(options)),
        station_(std::move(notes), options_.frequency),
        finished_(std::move(finished)),
        make_encoder_(std::move(encoder)),
        clocks_(std::move(clocks)),
        name_(printable(options_.name.expand(name_fields(options_.start, number_)))),
        time_line_(options_.start) {}

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] std::string waits_for() const override { return "the disk"; }
  void hurry() noexcept override {}
  void begin_new_file() noexcept override { new_file_wanted_.store(true); }

  void open() override {
    if (options_.live) time_line_ = recording::TimeLine(clocks_.utc());
    try {
      folder_ = open_folder_();
      recover_unfinished();
      delete_what_is_too_old();
      begin_file(time_line_.at(0));
    } catch (const std::system_error& error) {
      const int cause = error.code().value();
      if (cause == EEXIST) {
        throw Error(ExitStatus::output,
                    name() + " exists; choose another name, or replace it with --overwrite");
      }
      if (cause == EBUSY) throw Error(ExitStatus::output, name() + " is being recorded by another fmrx");
      throw Error(ExitStatus::output, "cannot write " + name() + ": " + system_cause(cause));
    }
  }

  bool write(std::span<const float> samples) override {
    guarded([&] {
      begin_time_line();
      station_.take_notes(time_line_.at(position_), record_);
      if (new_file_wanted_.exchange(false)) begin_next_file_if_named_differently();
      const std::size_t left_out = std::min<std::uint64_t>(to_leave_out_, samples.size() / kAudioChannels);
      to_leave_out_ -= left_out;
      record(samples.subspan(left_out * kAudioChannels));
    });
    return true;
  }

  void lost(std::uint64_t frames) override {
    guarded([&] {
      begin_time_line();
      fill_gap(frames);
    });
  }

  void silence_follows(std::uint64_t frames) override { gap_ahead_ += frames; }

  void arrived(UtcTime utc, std::chrono::nanoseconds steady) override {
    if (!options_.live) return;
    guarded([&] {
      if (!begun_) begin_live(utc);
      if (to_leave_out_ > 0) return;  // frames are not counted as they come
      const auto event = time_line_.arrived({position_, utc, steady});
      if (event) act_on(*event);
      if (options_.align) align();
    });
  }

  SinkEnd close() override {
    guarded([&] {
      begin_time_line();
      finish_file();
    });
    if (clipped_ > 0) {
      log::info(name() + ": " + std::to_string(clipped_) + " samples exceeded full scale and were clipped");
    }
    return SinkEnd::finished;
  }

 private:
  // --- failures -------------------------------------------------------------

  /// After a failure nothing else is called, so the file is finished here.
  template <class Action>
  void guarded(Action action) {
    try {
      action();
    } catch (const std::system_error& error) {
      const bool is_gone = error.code().value() == ENOENT;
      fail(is_gone ? kDeleted : system_cause(error.code().value()));
    } catch (const std::bad_alloc&) {
      fail("out of memory");
    } catch (const Error& error) {
      fail(error.what());
    }
  }

  /// Leaves a valid file of what got through, and throws.
  [[noreturn]] void fail(const std::string& cause) {
    if (!file_) throw ended_early(name(), cause);
    const std::optional<std::string> saved = file_->salvage(present_name());
    record_file();
    file_.reset();
    if (!saved) throw Error(ExitStatus::output, "cannot write " + printable(present_name()) + ": " + cause);
    record_.problem = cause;
    try {
      tell_finished(*saved);
    } catch (const std::system_error&) {  // nothing can be written any more
    }
    throw ended_early(*saved, cause);
  }

  [[nodiscard]] Error ended_early(const std::string& file, const std::string& cause) const {
    return Error(ExitStatus::output,
                 printable(file) + " ends after " + in_seconds(record_.frames) + ": " + cause +
                     (record_.frames > 0 && cause != kDeleted ? "; what is in it can be played" : ""));
  }

  // --- time -----------------------------------------------------------------

  /// The first frame decides when the recording began.
  void begin_time_line() {
    if (begun_) return;
    begun_ = true;
    set_file_start(time_line_.at(0));
  }

  /// The first frame came in at `utc`.
  void begin_live(UtcTime utc) {
    const UtcTime start = options_.begin ? std::max(utc, *options_.begin) : utc;
    to_leave_out_ = frames_in(start - utc);
    time_line_ = recording::TimeLine(start);
    begin_time_line();
  }

  void act_on(const recording::TimeLine::Event& event) {
    using Kind = recording::TimeLine::Event::Kind;
    const double by_s = std::chrono::duration<double>(event.by).count();
    const std::string seconds = std::to_string(std::lround(std::fabs(by_s)));
    if (event.kind == Kind::samples_missing) {
      log::warn(name() + ": nothing came for " + seconds + " s; silence stands for it");
      fill_gap(frames_in(event.by));
    } else {
      log::warn(name() + ": the clock was set by " + (by_s < 0 ? "-" : "") + seconds + " s");
      if (record_.clock_steps.size() < recording::kMostListed)
        record_.clock_steps.push_back({time_line_.at(position_), event.by});
      set_boundary(time_line_.at(position_));
    }
  }

  void align() {
    const std::chrono::nanoseconds error = time_line_.clock_error();
    if (std::chrono::abs(error) < kAlignStep) return;
    const std::uint64_t frames = frames_in(std::chrono::abs(error));
    time_line_.error_taken_out();
    if (error > 0ns) {
      record_.aligned_frames += static_cast<std::int64_t>(frames);
      fill_gap(frames);
    } else {
      record_.aligned_frames -= static_cast<std::int64_t>(frames);
      to_leave_out_ += frames;
    }
  }

  // --- audio ----------------------------------------------------------------

  void fill_gap(std::uint64_t frames) {
    static constexpr std::array<float, 8'192 * kAudioChannels> kSilence{};
    const std::uint64_t gap_after = std::exchange(gap_ahead_, frames);
    while (frames > 0) {
      const std::uint64_t now = std::min<std::uint64_t>(frames, kSilence.size() / kAudioChannels);
      record(std::span(kSilence).first(now * kAudioChannels));
      frames -= now;
    }
    gap_ahead_ = gap_after;
  }

  void record(std::span<const float> samples) {
    if (options_.end) {
      const std::uint64_t wanted = time_line_.frames_until(*options_.end, position_);
      samples = samples.first(std::min<std::uint64_t>(samples.size(), wanted * kAudioChannels));
    }
    while (!samples.empty()) {
      std::uint64_t frames = std::min<std::uint64_t>(samples.size() / kAudioChannels, room_in_file());
      if (gap_ahead_ > 0) frames = std::min(frames, gap_ahead_);
      if (frames == 0) {
        begin_next_file();
        continue;
      }
      if (gap_ahead_ > 0) {
        list_gap(frames);
        gap_ahead_ -= frames;
      }
      begin_encoding();
      file_->write(samples.first(frames * kAudioChannels));
      position_ += frames;
      samples = samples.subspan(frames * kAudioChannels);
      if (file_->update_is_due()) keep_true();
    }
  }

  void list_gap(std::uint64_t frames) {
    const std::uint64_t begin = file_->frames();
    if (!record_.gaps.empty() && record_.gaps.back().frame + record_.gaps.back().frames == begin) {
      record_.gaps.back().frames += frames;
    } else if (record_.gaps.size() < recording::kMostListed) {
      record_.gaps.push_back({begin, frames});
    } else {
      ++record_.gaps_left_out;
    }
  }

  /// Frames that still belong into this file.
  [[nodiscard]] std::uint64_t room_in_file() const {
    std::uint64_t room = UINT64_MAX;
    if (boundary_) {
      room = time_line_.frames_until(*boundary_, position_);
    } else if (options_.split.length) {
      room = frames_in(*options_.split.length) - file_->frames();
    }
    if (options_.split.bytes) {
      // No format that is written here needs more than its samples do.
      const std::uint64_t used = file_->bytes();
      const std::uint64_t left = *options_.split.bytes - std::min(used, *options_.split.bytes);
      room = std::min(room, left / bytes_per_frame(options_.samples));
    }
    return file_->frames() == 0 ? std::max<std::uint64_t>(room, 1) : room;
  }

  void keep_true() {
    file_->update(station_.tags(record_.start), clocks_.steady);
    const double seconds = static_cast<double>(file_->frames()) / kAudioRate.hz();
    room_warning_.look(name(), folder_->room(), static_cast<double>(file_->bytes()) / seconds);
  }

  // --- files ----------------------------------------------------------------

  void begin_file(UtcTime start) {
    record_ = FileRecord{};
    record_.first_frame = position_;
    station_.begin(record_);
    set_file_start(start);
    begun_name_ = present_name();
    file_.emplace(*folder_, begun_name_,
                  options_.overwrite ? recording::Existing::replace : recording::Existing::keep,
                  clocks_.steady());
  }

  /// When the file's start is known.
  void begin_encoding() {
    if (file_->begun()) return;
    announce_file();
    file_->begin(options_.format, options_.samples, station_.tags(record_.start), make_encoder_);
  }

  /// Should this run be cut short, the next one knows what the file is.
  void announce_file() {
    if (options_.index.empty()) return;
    folder_->append_line(options_.index, recording::begin_line({begun_name_, record_.start,
                                                                record_.first_frame, record_.frequency}));
  }

  void recover_unfinished() {
    if (options_.index.empty()) return;
    try {
      recording::recover_unfinished(*folder_, options_.index, count_frames);
    } catch (const std::system_error& error) {
      log::warn("what an earlier run has left cannot be listed: " + system_cause(error.code().value()));
    }
  }

  void set_file_start(UtcTime start) {
    record_.start = start;
    set_boundary(start);
  }

  void set_boundary(UtcTime after) {
    if (options_.split.is_on_clock())
      boundary_ =
          next_on_clock(after, std::chrono::duration_cast<std::chrono::seconds>(*options_.split.length));
  }

  /// Of a file that begins with the next frame.
  [[nodiscard]] UtcTime next_start() const {
    // A file that begins on the clock says so, whatever the last rounding of frames.
    const UtcTime now = time_line_.at(position_);
    return boundary_ && std::chrono::abs(now - *boundary_) < 1s ? *boundary_ : now;
  }

  /// Not within a second of the last, nor where the name does not tell when a file began.
  void begin_next_file_if_named_differently() {
    if (file_->frames() == 0) return;
    if (options_.name.expand(name_fields(next_start(), number_ + 1)) != present_name())
      return begin_next_file();
    log::warn(printable(present_name()) + " goes on: a new file would have the same name");
  }

  void begin_next_file() {
    const UtcTime start = next_start();
    finish_file();
    ++number_;
    begin_file(start);
  }

  void finish_file() {
    if (file_->frames() == 0 && !has_form_for_nothing(options_.format)) {
      file_->discard();
      file_.reset();
      return;
    }
    begin_encoding();
    const std::string name = file_->finish(station_.tags(record_.start), present_name());
    record_file();
    clipped_ += record_.clipped;
    file_.reset();
    if (name != present_name()) {
      log::warn("the name " + printable(present_name()) + " was taken meanwhile: the recording is " +
                printable(name));
    }
    tell_finished(name);
    delete_what_is_too_old();
  }

  void record_file() {
    record_.frames = file_->frames();
    record_.bytes = file_->bytes();
    record_.clipped = file_->clipped();
  }

  void tell_finished(const std::string& file) {
    record_.file = file;
    record_.end = time_line_.at(record_.first_frame + record_.frames);
    if (options_.live) record_.clock_error = time_line_.clock_error();
    station_.end(record_);
    if (!options_.index.empty()) folder_->append_line(options_.index, recording::index_line(record_));
    if (finished_) finished_(record_);
  }

  void delete_what_is_too_old() {
    if (!options_.keep) return;
    try {
      recording::delete_old_files(*folder_, options_.index, *options_.keep, now());
    } catch (const std::system_error& error) {
      if (!told_of_keeping_)
        log::warn("old recordings cannot be deleted: " + system_cause(error.code().value()));
      told_of_keeping_ = true;
    }
  }

  [[nodiscard]] UtcTime now() const { return options_.live ? clocks_.utc() : time_line_.at(position_); }

  [[nodiscard]] recording::NameFields name_fields(UtcTime start, unsigned number) const {
    return {options_.short_frequency, station_.ps(), station_.pi(), start, number};
  }
  [[nodiscard]] std::string present_name() const {
    return options_.name.expand(name_fields(record_.start, number_));
  }

  OpenFolder open_folder_;
  RecordingOptions options_;
  StationLog station_;
  FileFinished finished_;
  MakeEncoder make_encoder_;
  Clocks clocks_;
  std::atomic<bool> new_file_wanted_{false};
  unsigned number_ = 1;
  std::string name_;

  recording::TimeLine time_line_;
  bool begun_ = false;
  std::uint64_t position_ = 0;  ///< frames recorded, silence included
  std::uint64_t to_leave_out_ = 0;
  std::uint64_t gap_ahead_ = 0;  ///< so many of the next frames stand for what never came

  std::unique_ptr<recording::Folder> folder_;
  std::optional<RecordingFile> file_;
  std::string begun_name_;  ///< what it was called first, without .part
  FileRecord record_;
  std::optional<UtcTime> boundary_;  ///< where a file on the clock ends
  std::uint64_t clipped_ = 0;
  RoomWarning room_warning_;
  bool told_of_keeping_ = false;
};

}  // namespace

std::unique_ptr<BlockingWriter> make_recording_writer(OpenFolder folder, RecordingOptions options,
                                                      std::shared_ptr<StationNotes> notes,
                                                      FileFinished finished, MakeEncoder encoder,
                                                      Clocks clocks) {
  return std::make_unique<RecordingWriter>(std::move(folder), std::move(options), std::move(notes),
                                           std::move(finished), std::move(encoder), std::move(clocks));
}

std::unique_ptr<Sink> make_recording_sink(OpenFolder folder, RecordingOptions options,
                                          std::shared_ptr<StationNotes> notes, FileFinished finished) {
  const auto queue = options.live ? kLiveQueue : kQueue;
  return std::make_unique<WriterSink>(
      make_recording_writer(std::move(folder), std::move(options), std::move(notes), std::move(finished)),
      queue);
}

}  // namespace fmrx::sink
