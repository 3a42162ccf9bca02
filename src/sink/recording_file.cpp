// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/recording_file.hpp"

#include <system_error>

#include "base/units.hpp"

namespace fmrx::sink {

namespace {

using namespace std::chrono_literals;

/// A crash of the process costs so much; counted in audio, so that it holds for fast sources, too.
constexpr std::uint64_t kUpdateInterval_frames = kAudioRate.value();
/// A power cut costs so much.
constexpr auto kSyncInterval = 4s;

}  // namespace

RecordingFile::RecordingFile(recording::Folder& folder, const std::string& name, recording::Existing existing,
                             std::chrono::nanoseconds now)
    : file_(folder.create(name, existing)), synced_at_(now) {}

void RecordingFile::begin(FileFormat format, SampleFormat samples, const Tags& tags,
                          const MakeEncoder& make) {
  encoder_ = make(format, samples, *file_, tags);
}

void RecordingFile::write(std::span<const float> samples) {
  encoder_->write(samples);
  frames_ += samples.size() / kAudioChannels;
}

bool RecordingFile::update_is_due() const {
  return frames_ >= true_frames_ + kUpdateInterval_frames;
}

void RecordingFile::update(const Tags& tags, const std::function<std::chrono::nanoseconds()>& now) {
  true_frames_ = frames_;
  encoder_->update(tags);
  if (now() - synced_at_ < kSyncInterval) return;
  file_->sync();
  synced_at_ = now();
}

std::string RecordingFile::finish(const Tags& tags, const std::string& wanted) {
  encoder_->update(tags);
  encoder_->finish();
  end_encoding();
  std::string name = file_->finish(wanted);
  file_.reset();
  return name;
}

std::optional<std::string> RecordingFile::salvage(const std::string& wanted) {
  frames_ = encoder_ ? encoder_->salvage() : frames_;
  end_encoding();
  if (frames_ == 0) {
    discard();
    return std::nullopt;
  }
  try {
    file_->finish(wanted);
  } catch (const std::system_error&) {  // it stays what it is called now
  }
  std::string name = file_->present_name();
  file_.reset();
  return name;
}

void RecordingFile::discard() noexcept {
  encoder_.reset();
  file_->discard();
  file_.reset();
}

/// An encoder may give out its last bytes when it goes.
void RecordingFile::end_encoding() {
  clipped_ = clipped();
  encoder_.reset();
  bytes_ = file_->size();
}

}  // namespace fmrx::sink
