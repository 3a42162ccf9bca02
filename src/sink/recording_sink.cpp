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
#include "sink/audio_encoder.hpp"
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

/// SD cards stall for 4 to 7 s while they tidy up.
constexpr auto kQueue = 16s;
/// A crash of the process costs so much; counted in audio, so that it holds for fast sources, too.
constexpr std::uint64_t kUpdateInterval_frames = kAudioRate.value();
/// A power cut costs so much.
constexpr auto kSyncInterval = 4s;
/// What --align lets stand.
constexpr auto kAlignStep = 20ms;
constexpr std::size_t kMostNotes = 256;

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
        notes_(std::move(notes)),
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
      take_notes();
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
      fail(system_cause(error.code().value()));
    } catch (const std::bad_alloc&) {
      fail("out of memory");
    } catch (const Error& error) {
      fail(error.what());
    }
  }

  /// Leaves a valid file of what got through, and throws.
  [[noreturn]] void fail(const std::string& cause) {
    std::string file = name();
    std::uint64_t frames = record_.frames;
    if (file_) {
      if (encoder_) {
        frames = encoder_->salvage();
        record_.clipped = encoder_->clipped();
      }
      encoder_.reset();
      if (frames == 0) {
        discard_file();
        throw Error(ExitStatus::output, "cannot write " + printable(present_name()) + ": " + cause);
      }
      record_.bytes = file_->size();
      try {
        file_->finish(present_name());
      } catch (const std::system_error&) {  // it stays what it is called now
      }
      file = file_->present_name();
      file_.reset();
      record_.problem = cause;
      record_.frames = frames;
      try {
        tell_finished(file);
      } catch (const std::system_error&) {  // nothing can be written any more
      }
    }
    throw Error(ExitStatus::output, printable(file) + " ends after " + in_seconds(frames) + ": " + cause +
                                        (frames > 0 ? "; what is in it can be played" : ""));
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
      encoder().write(samples.first(frames * kAudioChannels));
      if (gap_ahead_ > 0) {
        list_gap(frames);
        gap_ahead_ -= frames;
      }
      record_.frames += frames;
      position_ += frames;
      samples = samples.subspan(frames * kAudioChannels);
      keep_true();
    }
  }

  void list_gap(std::uint64_t frames) {
    if (!record_.gaps.empty() && record_.gaps.back().frame + record_.gaps.back().frames == record_.frames) {
      record_.gaps.back().frames += frames;
    } else if (record_.gaps.size() < recording::kMostListed) {
      record_.gaps.push_back({record_.frames, frames});
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
      room = frames_in(*options_.split.length) - record_.frames;
    }
    if (options_.split.bytes) {
      // No format that is written here needs more than its samples do.
      const std::uint64_t used = encoder_ ? file_->size() : 0;
      const std::uint64_t left = *options_.split.bytes - std::min(used, *options_.split.bytes);
      room = std::min(room, left / bytes_per_frame(options_.samples));
    }
    return record_.frames == 0 ? std::max<std::uint64_t>(room, 1) : room;
  }

  /// The file as far as it goes is true after every second, and on the disk after a few.
  void keep_true() {
    if (record_.frames < updated_frames_ + kUpdateInterval_frames) return;
    updated_frames_ = record_.frames;
    encoder().update(tags());
    warn_before_disk_is_full();
    const std::chrono::nanoseconds now = clocks_.steady();
    if (now - synced_at_ < kSyncInterval) return;
    file_->sync();
    synced_at_ = clocks_.steady();
  }

  void warn_before_disk_is_full() {
    const double seconds = static_cast<double>(record_.frames) / kAudioRate.hz();
    room_warning_.look(name(), folder_->room(), static_cast<double>(file_->size()) / seconds);
  }

  // --- files ----------------------------------------------------------------

  void begin_file(UtcTime start) {
    record_ = FileRecord{};
    record_.first_frame = position_;
    updated_frames_ = 0;
    record_.frequency = options_.frequency;
    if (pi_) record_.pi = pi_;
    if (!ps_.empty()) record_.ps.push_back(ps_);
    set_file_start(start);
    begun_name_ = present_name();
    file_ = folder_->create(begun_name_,
                            options_.overwrite ? recording::Existing::replace : recording::Existing::keep);
    synced_at_ = clocks_.steady();
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
    if (record_.frames == 0) return;
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
    if (record_.frames == 0 && !has_form_for_nothing(options_.format)) return discard_file();
    encoder().update(tags());
    encoder().finish();
    record_.clipped = encoder().clipped();
    clipped_ += record_.clipped;
    encoder_.reset();
    record_.bytes = file_->size();
    const std::string name = file_->finish(present_name());
    file_.reset();
    if (name != present_name()) {
      log::warn("the name " + printable(present_name()) + " was taken meanwhile: the recording is " +
                printable(name));
    }
    tell_finished(name);
    delete_what_is_too_old();
  }

  void discard_file() {
    encoder_.reset();
    file_->discard();
    file_.reset();
  }

  void tell_finished(const std::string& file) {
    record_.file = file;
    record_.end = time_line_.at(record_.first_frame + record_.frames);
    if (options_.live) record_.clock_error = time_line_.clock_error();
    if (no_signal_since_) record_.outages.push_back({*no_signal_since_, record_.end});
    if (no_signal_since_) no_signal_since_ = record_.end;
    if (cn_count_ > 0) record_.cn = {cn_lowest_, cn_sum_ / static_cast<double>(cn_count_), cn_highest_};
    cn_count_ = 0;
    cn_sum_ = 0;
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

  AudioEncoder& encoder() {
    if (!encoder_) {
      announce_file();
      encoder_ = make_encoder_(options_.format, options_.samples, *file_, tags());
    }
    return *encoder_;
  }

  // --- what is known of the station ------------------------------------------

  [[nodiscard]] recording::NameFields name_fields(UtcTime start, unsigned number) const {
    return {options_.short_frequency, ps_, pi_.value_or(""), start, number};
  }
  [[nodiscard]] std::string present_name() const {
    return options_.name.expand(name_fields(record_.start, number_));
  }

  [[nodiscard]] Tags tags() const {
    Tags tags;
    tags.start = record_.start;
    tags.artist = ps_.empty() ? options_.frequency : ps_;
    tags.title = tags.artist + " " + format_local(record_.start, "%Y-%m-%d %H:%M");
    tags.comment = options_.frequency;
    if (pi_) tags.comment += ", PI " + *pi_;
    if (!ps_.empty()) tags.comment += ", PS " + ps_;
    tags.comment += ", from " + format_local_iso(record_.start);
    return tags;
  }

  void take_notes() {
    if (!notes_) return;
    for (const StationNotes::Note& note : notes_->take()) {
      if (note.cn_db) count_cn(*note.cn_db);
      if (note.signal) note_signal(*note.signal, note.no_signal_for);
      if (note.pi) record_.pi = pi_ = note.pi;
      if (note.ps && *note.ps != ps_) {
        ps_ = *note.ps;
        if (record_.ps.size() < recording::kMostListed) record_.ps.push_back(ps_);
      }
      if (note.title && record_.titles.size() < recording::kMostListed)
        record_.titles.push_back({time_line_.at(position_), *note.title});
    }
  }

  void count_cn(double cn_db) {
    cn_lowest_ = cn_count_ == 0 ? cn_db : std::min(cn_lowest_, cn_db);
    cn_highest_ = cn_count_ == 0 ? cn_db : std::max(cn_highest_, cn_db);
    cn_sum_ += cn_db;
    ++cn_count_;
  }

  void note_signal(bool is_there, std::chrono::nanoseconds no_signal_for) {
    const UtcTime now = time_line_.at(position_);
    if (!is_there && !no_signal_since_) no_signal_since_ = std::max(now - no_signal_for, record_.start);
    if (!is_there || !no_signal_since_) return;
    if (record_.outages.size() < recording::kMostListed) record_.outages.push_back({*no_signal_since_, now});
    no_signal_since_.reset();
  }

  OpenFolder open_folder_;
  RecordingOptions options_;
  std::shared_ptr<StationNotes> notes_;
  FileFinished finished_;
  MakeEncoder make_encoder_;
  Clocks clocks_;
  std::atomic<bool> new_file_wanted_{false};
  std::string ps_;
  std::optional<std::string> pi_;
  unsigned number_ = 1;
  std::string name_;

  recording::TimeLine time_line_;
  bool begun_ = false;
  std::uint64_t position_ = 0;  ///< frames recorded, silence included
  std::uint64_t to_leave_out_ = 0;
  std::uint64_t gap_ahead_ = 0;  ///< so many of the next frames stand for what never came

  std::unique_ptr<recording::Folder> folder_;
  std::unique_ptr<recording::NewFile> file_;
  std::unique_ptr<AudioEncoder> encoder_;  ///< made when the file's start is known
  std::string begun_name_;                 ///< what it was called first, without .part
  FileRecord record_;
  std::optional<UtcTime> boundary_;  ///< where a file on the clock ends
  std::uint64_t updated_frames_ = 0;
  std::chrono::nanoseconds synced_at_{0};
  std::uint64_t clipped_ = 0;
  RoomWarning room_warning_;
  bool told_of_keeping_ = false;

  std::optional<UtcTime> no_signal_since_;
  double cn_lowest_ = 0;
  double cn_highest_ = 0;
  double cn_sum_ = 0;
  std::uint64_t cn_count_ = 0;
};

}  // namespace

void StationNotes::post(Note note) {
  const std::lock_guard lock(mutex_);
  if (notes_.size() < kMostNotes) notes_.push_back(std::move(note));
}

std::vector<StationNotes::Note> StationNotes::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notes_, {});
}

std::unique_ptr<BlockingWriter> make_recording_writer(OpenFolder folder, RecordingOptions options,
                                                      std::shared_ptr<StationNotes> notes,
                                                      FileFinished finished, MakeEncoder encoder,
                                                      Clocks clocks) {
  return std::make_unique<RecordingWriter>(std::move(folder), std::move(options), std::move(notes),
                                           std::move(finished), std::move(encoder), std::move(clocks));
}

std::unique_ptr<Sink> make_recording_sink(OpenFolder folder, RecordingOptions options,
                                          std::shared_ptr<StationNotes> notes, FileFinished finished) {
  return std::make_unique<WriterSink>(
      make_recording_writer(std::move(folder), std::move(options), std::move(notes), std::move(finished)),
      kQueue);
}

}  // namespace fmrx::sink
