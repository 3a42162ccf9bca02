// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/wav_sink.hpp"

#include <fcntl.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "base/unique_fd.hpp"
#include "sink/blocking_writer.hpp"
#include "sink/sample_format.hpp"
#include "sink/system_cause.hpp"
#include "sink/writer_sink.hpp"

namespace fmrx::sink {

namespace {

/// SD cards stall for 4 to 7 s while they tidy up.
constexpr auto kQueue = std::chrono::seconds(16);
/// Counted in audio, so that it holds for slow and fast sources alike: one second.
constexpr sf_count_t kHeaderInterval_frames = kAudioRate.value();

/// The file as libsndfile sees it. It keeps the system's error number, which libsndfile drops.
class SystemFile {
 public:
  void open(const char* path) {
    // O_NONBLOCK: a FIFO without a reader fails instead of blocking.
    fd_.reset(::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0666));
    if (!fd_) error_ = errno;
  }

  [[nodiscard]] int error() const { return error_; }
  [[nodiscard]] bool can_seek() const { return ::lseek(fd_.get(), 0, SEEK_CUR) >= 0; }

  [[nodiscard]] sf_count_t length() {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) error_ = errno;
    return status.st_size;
  }
  sf_count_t seek(sf_count_t offset, int whence) {
    const off_t position = ::lseek(fd_.get(), offset, whence);
    if (position < 0) error_ = errno;
    return position;
  }
  sf_count_t write(const char* bytes, sf_count_t count) {
    sf_count_t written = 0;
    while (written < count) {
      const ssize_t now = ::write(fd_.get(), bytes + written, static_cast<std::size_t>(count - written));
      if (now < 0 && errno == EINTR) continue;
      if (now <= 0) {
        error_ = errno;
        break;
      }
      written += now;
    }
    return written;
  }
  void truncate(sf_count_t length) {
    if (::ftruncate(fd_.get(), length) != 0 && error_ == 0) error_ = errno;
  }
  /// Some file systems tell only now that they could not keep what they took.
  void close() {
    if (::close(fd_.release()) != 0 && error_ == 0) error_ = errno;
  }

 private:
  UniqueFd fd_;
  int error_ = 0;  ///< the last one
};

SF_VIRTUAL_IO through_system_file() {
  SF_VIRTUAL_IO calls{};
  calls.get_filelen = [](void* file) { return static_cast<SystemFile*>(file)->length(); };
  calls.seek = [](sf_count_t offset, int whence, void* file) {
    return static_cast<SystemFile*>(file)->seek(offset, whence);
  };
  calls.read = [](void*, sf_count_t, void*) { return sf_count_t{0}; };
  calls.write = [](const void* bytes, sf_count_t count, void* file) {
    return static_cast<SystemFile*>(file)->write(static_cast<const char*>(bytes), count);
  };
  calls.tell = [](void* file) { return static_cast<SystemFile*>(file)->seek(0, SEEK_CUR); };
  return calls;
}

int sndfile_encoding(SampleFormat format) {
  switch (format) {
    case SampleFormat::s16:
      return SF_FORMAT_PCM_16;
    case SampleFormat::s24:
      return SF_FORMAT_PCM_24;
    case SampleFormat::f32:
      return SF_FORMAT_FLOAT;
  }
  return 0;
}

class WavWriter final : public BlockingWriter {
 public:
  WavWriter(std::string path, SampleFormat format) : path_(std::move(path)), format_(format) {}
  ~WavWriter() override {
    if (sound_ != nullptr) ::sf_close(sound_);
  }

  [[nodiscard]] std::string name() const override { return printable(path_); }
  [[nodiscard]] std::string waits_for() const override { return "the disk"; }

  void open() override {
    file_.open(path_.c_str());
    if (file_.error() != 0) throw_cannot_write();
    if (!file_.can_seek()) {
      throw Error(ExitStatus::output, "cannot write " + name() +
                                          ": a WAV file's length is filled in at its start, " +
                                          "which cannot be reached here; use -o - for raw samples");
    }
    SF_VIRTUAL_IO calls = through_system_file();
    SF_INFO info{};
    info.samplerate = static_cast<int>(kAudioRate.value());
    info.channels = static_cast<int>(kAudioChannels);
    info.format = SF_FORMAT_WAV | sndfile_encoding(format_);
    sound_ = ::sf_open_virtual(&calls, SFM_WRITE, &info, &file_);
    if (sound_ == nullptr)
      throw Error(ExitStatus::output, "cannot write " + name() + ": " + ::sf_strerror(nullptr));
    // Its peak is known to libsndfile only where libsndfile does the converting.
    ::sf_command(sound_, SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
    update_header();
    if (file_.error() != 0) throw_cannot_write();
    data_begin_ = file_.length();
  }

  bool write(std::span<const float> samples) override {
    const std::size_t size = samples.size() * bytes_per_sample(format_);
    bytes_.resize(size);
    clipped_ += encode_samples(format_, samples, bytes_);
    if (data_begin_ + written_ + static_cast<sf_count_t>(size) > kLargestWav_bytes)
      fail("it has reached 4 GiB, the most that a WAV file can hold");
    written_ += ::sf_write_raw(sound_, bytes_.data(), static_cast<sf_count_t>(size));
    if (written_ - in_header_ >= kHeaderInterval_frames * frame_bytes()) update_header();
    if (file_.error() != 0) fail(system_cause(file_.error()));
    return true;
  }

  SinkEnd close() override {
    ::sf_close(std::exchange(sound_, nullptr));
    file_.close();
    if (file_.error() != 0) {
      throw Error(ExitStatus::output, "cannot finish " + name() + ": " + system_cause(file_.error()));
    }
    if (clipped_ > 0) {
      log::info(name() + ": " + std::to_string(clipped_) + " samples exceeded full scale and were clipped");
    }
    return SinkEnd::finished;
  }

  void hurry() noexcept override {}

 private:
  /// RIFF counts in 32 bits all that follows its first 8 bytes.
  static constexpr sf_count_t kLargestWav_bytes = 0xFFFF'FFFF;

  [[nodiscard]] sf_count_t frame_bytes() const { return static_cast<sf_count_t>(bytes_per_frame(format_)); }

  void update_header() {
    ::sf_command(sound_, SFC_UPDATE_HEADER_NOW, nullptr, 0);
    in_header_ = written_;
  }

  [[noreturn]] void throw_cannot_write() const {
    throw Error(ExitStatus::output, "cannot write " + name() + ": " + system_cause(file_.error()));
  }

  /// Leaves a valid file of whole frames, and throws.
  [[noreturn]] void fail(const std::string& cause) {
    const sf_count_t frames = written_ / frame_bytes();
    file_.truncate(data_begin_ + frames * frame_bytes());
    ::sf_close(std::exchange(sound_, nullptr));
    file_.close();
    const sf_count_t tenths = frames * 10 / static_cast<sf_count_t>(kAudioRate.value());
    throw Error(ExitStatus::output, name() + " ends after " + std::to_string(tenths / 10) + "." +
                                        std::to_string(tenths % 10) + " s: " + cause +
                                        "; what is in it can be played");
  }

  std::string path_;
  SampleFormat format_;
  SystemFile file_;
  SNDFILE* sound_ = nullptr;
  std::vector<std::byte> bytes_;
  sf_count_t data_begin_ = 0;  ///< bytes before the first sample
  sf_count_t written_ = 0;     ///< bytes of samples
  sf_count_t in_header_ = 0;   ///< bytes of samples that the header counts
  std::size_t clipped_ = 0;
};

}  // namespace

std::unique_ptr<Sink> make_wav_sink(std::string path, SampleFormat format) {
  return std::make_unique<WriterSink>(std::make_unique<WavWriter>(std::move(path), format), kQueue);
}

}  // namespace fmrx::sink
