// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/iq_recording.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "rt/bridge.hpp"
#include "rt/sleep.hpp"
#include "sink/room_warning.hpp"
#include "sink/system_cause.hpp"

namespace fmrx::sink {

namespace {

using namespace std::chrono_literals;
using recording::Existing;
using recording::SigMf;

/// A source that waits needs no reserve.
constexpr auto kQueueOfFile = 250ms;
constexpr auto kSyncInterval = 4s;
constexpr auto kPatience = 500ms;
constexpr std::size_t kChunk_bytes = 1U << 18U;
constexpr std::size_t kMostListed = 10'000;

double bytes_per_second(const SigMf& meta) {
  return meta.rate.value().hz() * static_cast<double>(bytes_per_sample(*meta.format));
}

std::size_t queue_bytes(const IqRecordingOptions& options) {
  const std::chrono::duration<double> time = options.live ? IqRecording::kQueue : kQueueOfFile;
  return static_cast<std::size_t>(time.count() * bytes_per_second(options.meta));
}

rt::Task<void> until_ended(const rt::ForeignThread& thread) {
  co_await thread.end();
}

}  // namespace

/// What the loop and the thread both hold. The thread writes `failure` before it closes the bridges.
struct IqRecording::Shared {
  Shared(recording::OpenFolder open_the_folder, IqRecordingOptions what)
      : open_folder(std::move(open_the_folder)), options(std::move(what)), ring(queue_bytes(options)) {}

  /// The thread's whole life.
  void record() noexcept {
    try {
      begin();
      opened.push(true);
      write_until_closed();
      finish();
    } catch (const std::system_error& error) {
      fail(error.code().value());
    } catch (const std::exception& error) {
      failure = error.what();
    }
    opened.close();
    ring.close();
  }

  [[nodiscard]] std::string data_name() const { return options.stem + recording::kSigMfData; }
  [[nodiscard]] std::string meta_name() const { return options.stem + recording::kSigMfMeta; }

  void begin() {
    folder = open_folder();
    const Existing existing = options.overwrite ? Existing::replace : Existing::keep;
    data = folder->create(data_name(), existing);
    meta = folder->create(meta_name(), existing);
    write_meta();
    synced_at = steady_now();
  }

  void write_until_closed() {
    std::vector<std::byte> chunk(kChunk_bytes);
    while (ring.wait()) {
      data->write(std::span(chunk).first(ring.read(chunk)));
      if (steady_now() - synced_at >= kSyncInterval) sync();
    }
  }

  void sync() {
    room_warning.look(printable(data_name()), folder->room(), bytes_per_second(options.meta));
    data->sync();
    write_meta();
    meta->sync();
    synced_at = steady_now();
  }

  /// Only if there is something new.
  void write_meta() {
    SigMf now = options.meta;
    {
      const std::lock_guard lock(mutex);
      now.captures = captures;
      now.gaps = gaps;
    }
    const std::string text = recording::sigmf_text(now);
    if (text.size() == meta->size()) return;
    meta->truncate(0);
    meta->write(std::as_bytes(std::span(text)));
  }

  /// The pair keeps one name, also where the one that was wanted was taken meanwhile.
  void finish() {
    write_meta();
    const std::string given = data->finish(data_name());
    data.reset();
    const std::string stem = recording::sigmf_stem(given).value_or(options.stem);
    meta->finish(stem + recording::kSigMfMeta);
    meta.reset();
    if (stem != options.stem) {
      log::warn("the name " + printable(data_name()) + " was taken meanwhile: the recording is " +
                printable(given));
    }
  }

  /// What got through is left as a pair that can be played, in whole samples.
  void fail(int error_number) noexcept {
    try {
      failure = reason(error_number);
      if (data && meta && data->size() > 0) {
        const std::size_t sample_bytes = bytes_per_sample(*options.meta.format);
        data->truncate(data->size() / sample_bytes * sample_bytes);
        finish();
      } else {
        remove_beginnings();
      }
    } catch (const std::exception&) {  // they stay as they are
    }
  }

  [[nodiscard]] std::string reason(int error_number) const {
    const std::string name = printable(data_name());
    if (error_number == EEXIST)
      return name + " or its .sigmf-meta exists; choose another name, or replace them with --overwrite";
    if (error_number == EBUSY) return name + " is being recorded by another fmrx";
    if (!data || data->size() == 0) return "cannot write " + name + ": " + system_cause(error_number);
    const double seconds = static_cast<double>(data->size()) / bytes_per_second(options.meta);
    const auto tenths = static_cast<std::uint64_t>(seconds * 10);
    return name + " ends after " + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) +
           " s: " + system_cause(error_number) + "; what is in it can be played";
  }

  void remove_beginnings() const {
    for (auto* const file : {data.get(), meta.get()}) {
      if (file != nullptr) file->discard();
    }
  }

  recording::OpenFolder open_folder;
  IqRecordingOptions options;
  rt::Outbound<std::byte> ring;
  rt::Inbound<bool> opened{1};
  std::string failure;

  std::mutex mutex;
  std::vector<SigMf::Capture> captures;
  std::vector<SigMf::Gap> gaps;

  // The thread's own.
  std::unique_ptr<recording::Folder> folder;
  std::unique_ptr<recording::NewFile> data;
  std::unique_ptr<recording::NewFile> meta;
  std::chrono::nanoseconds synced_at{0};
  RoomWarning room_warning;
};

IqRecording::IqRecording(recording::OpenFolder folder, IqRecordingOptions options)
    : name_(printable(options.stem) + recording::kSigMfData), live_(options.live) {
  shared_ = std::make_shared<Shared>(std::move(folder), std::move(options));
}

IqRecording::~IqRecording() {
  shared_->ring.close();
}

rt::Task<void> IqRecording::open() {
  const std::shared_ptr<Shared> shared = shared_;
  thread_ = std::make_unique<rt::ForeignThread>([shared] { shared->record(); },
                                                rt::ForeignThread::AtExit::wait_for);
  const bool is_open = co_await shared->opened.data();
  if (!is_open) throw Error(ExitStatus::output, shared->failure);
}

rt::Task<bool> IqRecording::write(IqView samples, bool is_gap) {
  rt::Outbound<std::byte>& ring = shared_->ring;
  if (live_ && !ring.closed() && ring.space() < samples.bytes.size()) {
    dropped_ += samples.samples();
    lost(samples.samples());
    co_return true;
  }
  if (!continues_) note_capture(samples.samples());
  continues_ = true;
  if (is_gap) note_gap(samples.samples());
  std::span<const std::byte> rest = samples.bytes;
  while (!rest.empty()) {
    const bool wanted = co_await ring.room(std::min(rest.size(), ring.capacity() / 2));
    if (!wanted) co_return false;
    rest = rest.subspan(ring.write(rest));
  }
  written_ += samples.samples();
  co_return true;
}

void IqRecording::lost(std::uint64_t samples) {
  lost_ += samples;
  if (samples > 0) continues_ = false;
}

/// The block of so many samples that is about to be written has just come in.
void IqRecording::note_capture(std::uint64_t samples) {
  SigMf::Capture capture{written_, lost_, std::nullopt};
  const std::chrono::duration<double> length(static_cast<double>(samples) /
                                             shared_->options.meta.rate.value().hz());
  if (live_) capture.time = utc_now() - std::chrono::duration_cast<std::chrono::nanoseconds>(length);
  const std::lock_guard lock(shared_->mutex);
  if (shared_->captures.size() < kMostListed) shared_->captures.push_back(capture);
}

void IqRecording::note_gap(std::uint64_t samples) {
  const std::lock_guard lock(shared_->mutex);
  std::vector<SigMf::Gap>& gaps = shared_->gaps;
  if (!gaps.empty() && gaps.back().first_sample + gaps.back().samples == written_) {
    gaps.back().samples += samples;
  } else if (gaps.size() < kMostListed) {
    gaps.push_back({written_, samples});
  }
}

rt::Task<void> IqRecording::finish() {
  shared_->ring.close();
  const bool at_once = co_await rt::with_timeout(kPatience, until_ended(*thread_));
  if (!at_once) log::info("waiting for the disk to take the rest of " + name_ + " ...");
  co_await thread_->end();
  if (!shared_->failure.empty()) throw Error(ExitStatus::output, shared_->failure);
}

}  // namespace fmrx::sink
