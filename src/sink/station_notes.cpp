// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/station_notes.hpp"

#include <algorithm>
#include <utility>

namespace fmrx::sink {

namespace {

constexpr std::size_t kMostNotes = 256;

}  // namespace

void StationNotes::post(Note note) {
  const std::lock_guard lock(mutex_);
  if (notes_.size() < kMostNotes) notes_.push_back(std::move(note));
}

std::vector<StationNotes::Note> StationNotes::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notes_, {});
}

StationLog::StationLog(std::shared_ptr<StationNotes> notes, std::string frequency)
    : notes_(std::move(notes)), frequency_(std::move(frequency)) {}

Tags StationLog::tags(UtcTime start) const {
  Tags tags;
  tags.start = start;
  tags.artist = ps_.empty() ? frequency_ : ps_;
  tags.title = tags.artist + " " + format_local(start, "%Y-%m-%d %H:%M");
  tags.comment = frequency_;
  if (!pi_.empty()) tags.comment += ", PI " + pi_;
  if (!ps_.empty()) tags.comment += ", PS " + ps_;
  tags.comment += ", from " + format_local_iso(start);
  return tags;
}

void StationLog::begin(recording::FileRecord& record) const {
  record.frequency = frequency_;
  if (!pi_.empty()) record.pi = pi_;
  if (!ps_.empty()) record.ps.push_back(ps_);
}

void StationLog::take_notes(UtcTime now, recording::FileRecord& record) {
  if (!notes_) return;
  for (const StationNotes::Note& note : notes_->take()) {
    if (note.cn_db) count_cn(*note.cn_db);
    if (note.signal) note_signal(*note.signal, now - note.no_signal_for, now, record);
    if (note.pi) record.pi = pi_ = *note.pi;
    if (note.ps && *note.ps != ps_) {
      ps_ = *note.ps;
      if (record.ps.size() < recording::kMostListed) record.ps.push_back(ps_);
    }
    if (note.title && record.titles.size() < recording::kMostListed)
      record.titles.push_back({now, *note.title});
  }
}

void StationLog::end(recording::FileRecord& record) {
  if (no_signal_since_) {
    record.outages.push_back({*no_signal_since_, record.end});
    no_signal_since_ = record.end;  // it goes on in the next file
  }
  if (cn_count_ > 0) record.cn = {cn_lowest_db_, cn_sum_db_ / static_cast<double>(cn_count_), cn_highest_db_};
  cn_count_ = 0;
  cn_sum_db_ = 0;
}

void StationLog::count_cn(double cn_db) {
  cn_lowest_db_ = cn_count_ == 0 ? cn_db : std::min(cn_lowest_db_, cn_db);
  cn_highest_db_ = cn_count_ == 0 ? cn_db : std::max(cn_highest_db_, cn_db);
  cn_sum_db_ += cn_db;
  ++cn_count_;
}

void StationLog::note_signal(bool is_there, UtcTime since, UtcTime now, recording::FileRecord& record) {
  if (!is_there && !no_signal_since_) no_signal_since_ = std::max(since, record.start);
  if (!is_there || !no_signal_since_) return;
  if (record.outages.size() < recording::kMostListed) record.outages.push_back({*no_signal_since_, now});
  no_signal_since_.reset();
}

}  // namespace fmrx::sink
