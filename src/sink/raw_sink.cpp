// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/raw_sink.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "base/unique_fd.hpp"
#include "sink/audio_encoder.hpp"
#include "sink/blocking_writer.hpp"
#include "sink/sample_format.hpp"
#include "sink/system_cause.hpp"
#include "sink/writer_sink.hpp"

namespace fmrx::sink {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kQueue = std::chrono::milliseconds(680);

/// How long a hurried sink goes on delivering to a reader that keeps up.
constexpr auto kHurriedTime = std::chrono::milliseconds(200);
/// How often a thread that waits for its reader looks whether it is hurried.
constexpr auto kLookInterval = std::chrono::milliseconds(50);

enum class Kind { storage, pipe, socket };

Kind kind_of(const struct stat& status) {
  if (S_ISFIFO(status.st_mode)) return Kind::pipe;
  if (S_ISSOCK(status.st_mode)) return Kind::socket;
  return Kind::storage;
}

/// What an encoder has made and the reader has not yet taken.
class Pending final : public recording::ByteOutput {
 public:
  void write(std::span<const std::byte> bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    size_ += bytes.size();
  }
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] bool can_go_back() const override { return false; }
  void write_at(std::uint64_t, std::span<const std::byte>) override {}
  void truncate(std::uint64_t) override {}

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  std::vector<std::byte> bytes_;
  std::uint64_t size_ = 0;
};

class RawWriter final : public BlockingWriter {
 public:
  RawWriter(int fd, std::string name, FileFormat format, SampleFormat samples,
            const StreamFormat& stream = {})
      : fd_(fd), name_(std::move(name)), format_(format), samples_(samples), stream_(stream) {}
  RawWriter(std::string path, FileFormat format, SampleFormat samples)
      : path_(std::move(path)), name_(printable(path_)), format_(format), samples_(samples) {}

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] std::string waits_for() const override {
    struct stat status {};
    const bool is_file = ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
    return is_file ? "the disk" : "";
  }

  void open() override {
    if (!path_.empty()) open_path();
    if (::isatty(fd_) != 0) {
      throw Error(ExitStatus::output, refusal_of_terminal());
    }
    struct stat status {};
    if (::fstat(fd_, &status) != 0) throw_failed(errno);
    kind_ = kind_of(status);
    encoder_ = format_ == FileFormat::raw
                   ? make_pcm_encoder(samples_, pending_, stream_)
                   : make_encoder(format_, samples_, pending_, {{}, {}, {}, utc_now()});
  }

  bool write(std::span<const float> samples) override {
    encoder_->write(samples);
    return hand_over();
  }

  SinkEnd close() override {
    if (end_ == SinkEnd::finished) {
      encoder_->finish();
      hand_over();
    }
    const std::uint64_t clipped = encoder_->clipped();
    if (clipped > 0) {
      log::info(name_ + ": " + std::to_string(clipped) + " samples exceeded full scale and were clipped");
    }
    return end_;
  }

  void hurry() noexcept override {
    Clock::rep never = kNotHurried;
    give_up_at_.compare_exchange_strong(never, (Clock::now() + kHurriedTime).time_since_epoch().count());
  }

 private:
  static constexpr Clock::rep kNotHurried = Clock::duration::max().count();

  [[nodiscard]] std::string refusal_of_terminal() const {
    if (stream_ == StreamFormat{})
      return "audio is never written to a terminal: pipe it, as in fmrx ... -o - | " +
             player_commands(samples_);
    return "the multiplex is never written to a terminal: pipe it into a decoder, or write --mpx PATH.wav";
  }

  /// A named pipe without a reader is refused rather than waited for.
  void open_path() {
    owned_.reset(::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!owned_) throw Error(ExitStatus::output, "cannot write " + name_ + ": " + system_cause(errno));
    fd_ = owned_.get();
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) & ~O_NONBLOCK);
  }

  /// Writes what the encoder has made. False: it is no longer wanted.
  bool hand_over() {
    std::span<const std::byte> rest = pending_.bytes();
    while (!rest.empty()) {
      if (kind_ != Kind::storage && !wait_for_reader()) {
        end_ = SinkEnd::gave_up;
        return false;
      }
      const ssize_t written = write_some(rest);
      if (written >= 0) {
        written_bytes_ += static_cast<std::uint64_t>(written);
        rest = rest.subspan(static_cast<std::size_t>(written));
      } else if (errno == EPIPE || errno == ECONNRESET) {
        end_ = SinkEnd::reader_gone;
        return false;
      } else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
        const int error_number = errno;
        cut_torn_frame();
        throw_failed(error_number);
      }
    }
    pending_.clear();
    return true;
  }

  [[noreturn]] void throw_failed(int error_number) const {
    throw Error(ExitStatus::output, "cannot write to " + name_ + ": " + system_cause(error_number));
  }

  /// What is written whole or not at all.
  [[nodiscard]] std::size_t grain() const {
    return format_ == FileFormat::raw ? bytes_per_frame(samples_, stream_.channels) : 1;
  }

  /// A full disk may have taken a part of the last frame.
  void cut_torn_frame() const {
    const auto torn = static_cast<off_t>(written_bytes_ % grain());
    struct stat status {};
    if (torn == 0 || ::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) return;
    const off_t end = ::lseek(fd_, 0, SEEK_CUR);
    if (end == status.st_size && ::ftruncate(fd_, end - torn) == 0) ::lseek(fd_, -torn, SEEK_CUR);
  }

  /// True: a write of PIPE_BUF bytes will not block, or will fail and tell why.
  [[nodiscard]] bool wait_for_reader() const {
    for (;;) {
      pollfd entry{fd_, POLLOUT, 0};
      const int ready = ::poll(&entry, 1, static_cast<int>(kLookInterval.count()));
      if (ready > 0) return true;
      if (Clock::now().time_since_epoch().count() >= give_up_at_.load()) return false;
    }
  }

  ssize_t write_some(std::span<const std::byte> bytes) const {
    if (kind_ == Kind::pipe) {
      // POSIX writes as much as PIPE_BUF bytes whole or not at all: so frames stay whole.
      const std::size_t most = PIPE_BUF / grain() * grain();
      return ::write(fd_, bytes.data(), std::min(bytes.size(), most));
    }
    if (kind_ == Kind::socket) return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return ::write(fd_, bytes.data(), bytes.size());
  }

  std::string path_;  ///< empty: the descriptor is somebody else's
  UniqueFd owned_;
  int fd_ = -1;
  std::string name_;
  FileFormat format_;
  SampleFormat samples_;
  StreamFormat stream_{};
  Kind kind_ = Kind::storage;
  Pending pending_;
  std::unique_ptr<AudioEncoder> encoder_;
  std::uint64_t written_bytes_ = 0;
  SinkEnd end_ = SinkEnd::finished;
  std::atomic<Clock::rep> give_up_at_{kNotHurried};
};

}  // namespace

std::string player_commands(SampleFormat format) {
  switch (format) {
    case SampleFormat::s16:
      return "aplay -f S16_LE -r 48000 -c 2, or ffplay -f s16le -ar 48000 -ch_layout stereo -nodisp -";
    case SampleFormat::s24:
      return "aplay -f S24_3LE -r 48000 -c 2, or ffplay -f s24le -ar 48000 -ch_layout stereo -nodisp -";
    case SampleFormat::f32:
      return "aplay -f FLOAT_LE -r 48000 -c 2, or ffplay -f f32le -ar 48000 -ch_layout stereo -nodisp -";
  }
  return {};
}

std::unique_ptr<Sink> make_raw_sink(int fd, std::string name, SampleFormat samples, FileFormat format) {
  return std::make_unique<WriterSink>(std::make_unique<RawWriter>(fd, std::move(name), format, samples),
                                      kQueue);
}

std::unique_ptr<Sink> make_raw_multiplex_sink(int fd, std::string name, SampleFormat samples,
                                              SampleRate rate) {
  const StreamFormat stream{rate, 1};
  return std::make_unique<WriterSink>(
      std::make_unique<RawWriter>(fd, std::move(name), FileFormat::raw, samples, stream), kQueue, stream);
}

std::unique_ptr<Sink> make_pipe_sink(std::string path, FileFormat format, SampleFormat samples) {
  return std::make_unique<WriterSink>(std::make_unique<RawWriter>(std::move(path), format, samples), kQueue);
}

}  // namespace fmrx::sink
