// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/multiplex_file_sink.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/local_time.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "recording/folder.hpp"
#include "sink/audio_encoder.hpp"
#include "sink/blocking_writer.hpp"
#include "sink/system_cause.hpp"
#include "sink/writer_sink.hpp"

namespace fmrx::sink {

namespace {

/// As of recordings: SD cards stall for seconds.
constexpr auto kQueue = std::chrono::seconds(16);
constexpr auto kSyncInterval = std::chrono::seconds(4);

class MultiplexFileWriter final : public BlockingWriter {
 public:
  MultiplexFileWriter(std::filesystem::path path, SampleFormat samples, const StreamFormat& stream,
                      recording::Existing existing, std::string comment)
      : path_(std::move(path)),
        leaf_(path_.filename().string()),
        name_(printable(leaf_)),
        samples_(samples),
        stream_(stream),
        existing_(existing),
        comment_(std::move(comment)) {}

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] std::string waits_for() const override { return "the disk"; }
  void hurry() noexcept override {}

  void open() override {
    try {
      folder_ = recording::open_folder(path_.has_parent_path() ? path_.parent_path().string() : ".", false);
      file_ = folder_->create(leaf_, existing_);
      encoder_ = make_wav_encoder(samples_, *file_, tags(), stream_);
    } catch (const std::system_error& error) {
      const int cause = error.code().value();
      if (cause == EEXIST) {
        throw Error(ExitStatus::output,
                    name_ + " exists; choose another name, or replace it with --overwrite");
      }
      if (cause == EBUSY) throw Error(ExitStatus::output, name_ + " is being written by another fmrx");
      throw Error(ExitStatus::output, "cannot write " + name_ + ": " + system_cause(cause));
    }
  }

  bool write(std::span<const float> samples) override {
    guarded([&] {
      encoder_->write(samples);
      unsaid_samples_ += samples.size();
      if (unsaid_samples_ < stream_.rate.value()) return;
      unsaid_samples_ = 0;
      encoder_->update(tags());
      if (steady_now() - synced_at_ < kSyncInterval) return;
      file_->sync();
      synced_at_ = steady_now();
    });
    return true;
  }

  void lost(std::uint64_t frames) override {
    static constexpr std::array<float, 8192> kSilence{};
    while (frames > 0) {
      const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(frames, kSilence.size()));
      static_cast<void>(write(std::span(kSilence).first(now)));
      frames -= now;
    }
  }

  SinkEnd close() override {
    guarded([&] {
      encoder_->finish();
      const std::uint64_t clipped = encoder_->clipped();
      encoder_.reset();
      file_->finish(leaf_);
      file_.reset();
      if (clipped > 0) {
        log::info(name_ + ": " + std::to_string(clipped) +
                  " samples exceeded 100 kHz of deviation and were clipped");
      }
    });
    return SinkEnd::finished;
  }

 private:
  [[nodiscard]] Tags tags() const { return {"", "", comment_, start_}; }

  /// After a failure nothing else is called: a valid file of what got through is left.
  template <class Action>
  void guarded(Action action) {
    try {
      action();
    } catch (const std::system_error& error) {
      std::string file = file_ ? file_->present_name() : leaf_;
      if (encoder_) static_cast<void>(encoder_->salvage());
      encoder_.reset();
      try {
        if (file_) file = file_->finish(leaf_);
      } catch (const std::system_error&) {  // it stays what it is called now
      }
      throw Error(ExitStatus::output,
                  printable(file) + " is cut short: " + system_cause(error.code().value()));
    }
  }

  std::filesystem::path path_;
  std::string leaf_;
  std::string name_;
  SampleFormat samples_;
  StreamFormat stream_;
  recording::Existing existing_;
  std::string comment_;
  UtcTime start_ = utc_now();
  std::unique_ptr<recording::Folder> folder_;
  std::unique_ptr<recording::NewFile> file_;
  std::unique_ptr<AudioEncoder> encoder_;
  std::chrono::nanoseconds synced_at_ = steady_now();
  std::uint64_t unsaid_samples_ = 0;  ///< that the header does not tell of
};

}  // namespace

std::unique_ptr<Sink> make_multiplex_file_sink(std::string path, SampleFormat samples, SampleRate rate,
                                               bool overwrite, std::string comment) {
  const StreamFormat stream{rate, 1};
  const auto existing = overwrite ? recording::Existing::replace : recording::Existing::keep;
  return std::make_unique<WriterSink>(
      std::make_unique<MultiplexFileWriter>(std::move(path), samples, stream, existing, std::move(comment)),
      kQueue, stream);
}

}  // namespace fmrx::sink
