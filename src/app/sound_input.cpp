// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/sound_input.hpp"

#include <sndfile.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <utility>

namespace fmrx::app {

namespace {

constexpr std::size_t kChunk_samples = 1 << 16;

/// What libsndfile sees of bytes that come once: a beginning that it may read back and forth while it looks
/// for a header, and samples in order. Elsewhere it finds the end.
class OneWayFile {
 public:
  explicit OneWayFile(InputBytes& bytes) : bytes_(bytes) {}

  static SF_VIRTUAL_IO calls() {
    SF_VIRTUAL_IO calls{};
    // Nobody knows how long a pipe will go on.
    calls.get_filelen = [](void*) -> sf_count_t { return SF_COUNT_MAX; };
    calls.seek = [](sf_count_t offset, int whence, void* file) { return self(file).seek(offset, whence); };
    calls.read = [](void* to, sf_count_t count, void* file) {
      return self(file).read({static_cast<char*>(to), static_cast<std::size_t>(count)});
    };
    calls.tell = [](void* file) { return self(file).position_; };
    return calls;
  }

  /// The header has been found: nothing is kept any more.
  void keep_no_more() { keeps_ = false; }
  [[nodiscard]] std::vector<char> kept() && { return std::move(kept_); }
  /// Throws what reading threw, which libsndfile could not have passed on.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  static constexpr std::size_t kLongestHeader_bytes = 1 << 20;

  static OneWayFile& self(void* file) { return *static_cast<OneWayFile*>(file); }

  sf_count_t seek(sf_count_t offset, int whence) {
    if (whence == SEEK_END) return -1;
    const sf_count_t position = whence == SEEK_CUR ? position_ + offset : offset;
    if (position < 0) return -1;
    return position_ = position;
  }

  sf_count_t read(std::span<char> to) {
    std::size_t count = 0;
    while (count < to.size()) {
      const std::size_t more = read_some(to.subspan(count));
      if (more == 0) break;
      count += more;
      position_ += static_cast<sf_count_t>(more);
    }
    return static_cast<sf_count_t>(count);
  }

  std::size_t read_some(std::span<char> to) {
    const auto position = static_cast<std::size_t>(position_);
    if (keeps_ && position < kLongestHeader_bytes) keep_up_to(position + 1);
    if (position < kept_.size()) {
      const std::size_t count = std::min(to.size(), kept_.size() - position);
      std::copy_n(kept_.begin() + position_, count, to.begin());
      return count;
    }
    if (keeps_ || position != come_) return 0;
    const std::size_t count = read_bytes(to);
    come_ += count;
    return count;
  }

  void keep_up_to(std::size_t size) {
    constexpr std::size_t kPiece = 4'096;
    while (kept_.size() < size) {
      kept_.resize(come_ + kPiece);
      const std::size_t count = read_bytes(std::span(kept_).subspan(come_));
      come_ += count;
      kept_.resize(come_);
      if (count == 0) return;
    }
  }

  std::size_t read_bytes(std::span<char> to) {
    try {
      return bytes_.read(to);
    } catch (...) {
      failure_ = std::current_exception();
      return 0;
    }
  }

  InputBytes& bytes_;
  std::vector<char> kept_;  ///< the beginning
  bool keeps_ = true;
  std::size_t come_ = 0;  ///< so many bytes have come so far
  sf_count_t position_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

struct SoundInput::File {
  explicit File(InputBytes& bytes) : one_way(bytes) {}
  ~File() {
    if (handle != nullptr) ::sf_close(handle);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  OneWayFile one_way;
  SF_INFO info{};
  SNDFILE* handle = nullptr;
};

std::optional<SoundInput> SoundInput::open(InputBytes& bytes) {
  auto file = std::make_unique<File>(bytes);
  if (const int fd = bytes.seekable_fd(); fd >= 0) {
    const off_t beginning = ::lseek(fd, 0, SEEK_CUR);
    // libsndfile 1.2 closes what it cannot read, asked or not.
    file->handle = ::sf_open_fd(::dup(fd), SFM_READ, &file->info, SF_TRUE);
    if (file->handle == nullptr) ::lseek(fd, beginning, SEEK_SET);
  } else {
    SF_VIRTUAL_IO calls = OneWayFile::calls();
    file->handle = ::sf_open_virtual(&calls, SFM_READ, &file->info, &file->one_way);
    file->one_way.rethrow();
    file->one_way.keep_no_more();
    if (file->handle == nullptr) bytes.put_back(std::move(file->one_way).kept());
  }
  if (file->handle == nullptr) return std::nullopt;
  return SoundInput(std::move(file));
}

SoundInput::SoundInput(std::unique_ptr<File> file) : file_(std::move(file)) {
  const auto channels = static_cast<std::size_t>(file_->info.channels);
  samples_.resize(kChunk_samples / channels);
  frames_.resize(samples_.size() * channels);
}

SoundInput::SoundInput(SoundInput&&) noexcept = default;
SoundInput& SoundInput::operator=(SoundInput&&) noexcept = default;
SoundInput::~SoundInput() = default;

int SoundInput::rate_hz() const {
  return file_->info.samplerate;
}

std::span<const float> SoundInput::next() {
  const sf_count_t count =
      ::sf_readf_float(file_->handle, frames_.data(), static_cast<sf_count_t>(samples_.size()));
  file_->one_way.rethrow();
  const auto size = static_cast<std::size_t>(std::max<sf_count_t>(count, 0));
  const auto channels = static_cast<std::size_t>(file_->info.channels);
  for (std::size_t i = 0; i < size; ++i) {
    const float sample = frames_[i * channels];
    samples_[i] = std::isfinite(sample) ? sample : 0;
  }
  return std::span(samples_).first(size);
}

}  // namespace fmrx::app
