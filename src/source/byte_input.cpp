// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/byte_input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "rt/descriptor.hpp"
#include "rt/sleep.hpp"

namespace fmrx::source {

namespace {

/// Large, so that a worker's way to and fro counts for little, and small enough that what was read
/// is still in the processor's cache when it is used.
constexpr std::size_t kDisk_bytes = std::size_t{256} << 10;
/// A pipe holds no more on Linux unless asked to.
constexpr std::size_t kPipe_bytes = std::size_t{64} << 10;

Error cannot_read(const std::string& name, int error) {
  return Error(ExitStatus::source, "cannot read " + name + ": " + std::generic_category().message(error));
}

Error cannot_open(const std::string& name, int error) {
  if (error == ENOENT) return Error(ExitStatus::source, "cannot open " + name + ": there is no such file");
  if (error == EACCES)
    return Error(ExitStatus::source, "cannot open " + name + ": you have no permission to read it");
  return Error(ExitStatus::source, "cannot open " + name + ": " + std::generic_category().message(error));
}

/// A descriptor with its name. Shared with the workers: whoever awaits them may be gone
/// before they have read.
class NamedDescriptor {
 public:
  NamedDescriptor(UniqueFd owned, std::string name)
      : owned_(std::move(owned)), fd_(owned_.get()), name_(std::move(name)) {}
  NamedDescriptor(int borrowed_fd, std::string name) : fd_(borrowed_fd), name_(std::move(name)) {}

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  UniqueFd owned_;
  int fd_;
  std::string name_;
};

/// The parts of a batch that one readv() is to fill.
class Unfilled {
 public:
  Unfilled(const Batch& batch, std::size_t from) {
    for (const ByteBuffer& piece : batch.pieces()) {
      const std::size_t taken = std::min(from, piece->size());
      from -= taken;
      if (taken < piece->size()) vectors_.push_back({piece->data() + taken, piece->size() - taken});
    }
  }

  [[nodiscard]] bool empty() const { return first_ == vectors_.size(); }

  /// What readv() says of what the page cache has: EAGAIN where that is nothing. Not every system
  /// and file system can do that, and then it fails, too.
  ssize_t read_cached(int fd) {
#ifdef RWF_NOWAIT
    return ::preadv2(fd, vectors_.data() + first_, static_cast<int>(vectors_.size() - first_), -1,
                     RWF_NOWAIT);
#else
    static_cast<void>(fd);
    return -1;
#endif
  }

  /// What readv() says. An interrupted one is made again.
  ssize_t read(int fd) {
    for (;;) {
      const ssize_t count = ::readv(fd, vectors_.data() + first_, static_cast<int>(vectors_.size() - first_));
      if (count >= 0 || errno != EINTR) return count;
    }
  }

  void fill(std::size_t bytes) {
    while (bytes > 0) {
      iovec& vector = vectors_[first_];
      const std::size_t part = std::min(bytes, vector.iov_len);
      vector.iov_base = static_cast<std::byte*>(vector.iov_base) + part;
      vector.iov_len -= part;
      bytes -= part;
      if (vector.iov_len == 0) ++first_;
    }
  }

 private:
  std::vector<iovec> vectors_;
  std::size_t first_ = 0;
};

/// Blocks until the batch is full or the file ends.
std::size_t fill_batch(const NamedDescriptor& file, const Batch& batch, std::size_t from) {
  Unfilled unfilled(batch, from);
  std::size_t total = 0;
  while (!unfilled.empty()) {
    const ssize_t count = unfilled.read(file.fd());
    if (count < 0) throw cannot_read(file.name(), errno);
    if (count == 0) break;
    unfilled.fill(static_cast<std::size_t>(count));
    total += static_cast<std::size_t>(count);
  }
  return total;
}

/// A file on a disk: reading it blocks, whatever its flags say, so workers do it. What is in the page
/// cache needs no disk: taken here, it costs no threads' switching and comes into this core's cache.
class DiskInput final : public ByteInput {
 public:
  DiskInput(std::shared_ptr<const NamedDescriptor> file, std::optional<std::uint64_t> size,
            rt::Workers& workers)
      : file_(std::move(file)), size_(size), workers_(workers) {}

  const std::string& name() const override { return file_->name(); }
  std::optional<std::uint64_t> size() const override { return size_; }
  std::size_t most_at_once() const override { return kDisk_bytes; }

  rt::Task<std::size_t> read(Batch batch, std::size_t from) override {
    Unfilled unfilled(batch, from);
    const ssize_t cached = unfilled.read_cached(file_->fd());
    std::size_t taken = 0;
    if (cached > 0) {
      // Nobody else gets a turn while there is always something cached.
      co_await rt::yield();
      taken = static_cast<std::size_t>(cached);
      unfilled.fill(taken);
    }
    if (unfilled.empty()) co_return taken;
    auto fill = [file = file_, batch, begin = from + taken] { return fill_batch(*file, batch, begin); };
    co_return taken + co_await workers_.call(std::move(fill));
  }

  rt::Task<bool> skip(std::uint64_t bytes) override {
    // The caller knows the size and asks for no more than there is.
    if (::lseek(file_->fd(), static_cast<off_t>(bytes), SEEK_CUR) < 0)
      throw cannot_read(file_->name(), errno);
    co_return true;
  }

 private:
  std::shared_ptr<const NamedDescriptor> file_;
  std::optional<std::uint64_t> size_;
  rt::Workers& workers_;
};

/// A pipe or socket: the loop waits until there is something, and then takes what there is.
class PipeInput final : public ByteInput {
 public:
  explicit PipeInput(std::shared_ptr<const NamedDescriptor> file) : file_(std::move(file)) {}

  const std::string& name() const override { return file_->name(); }
  std::optional<std::uint64_t> size() const override { return std::nullopt; }
  std::size_t most_at_once() const override { return kPipe_bytes; }

  rt::Task<std::size_t> read(Batch batch, std::size_t from) override {
    Unfilled unfilled(batch, from);
    for (;;) {
      co_await rt::readable(file_->fd());
      const ssize_t count = unfilled.read(file_->fd());
      if (count >= 0) co_return static_cast<std::size_t>(count);
      // Somebody else may have taken it, or set O_NONBLOCK.
      if (errno != EAGAIN) throw cannot_read(file_->name(), errno);
    }
  }

  rt::Task<bool> skip(std::uint64_t bytes) override {
    const auto unwanted = std::make_shared<std::vector<std::byte>>(kPipe_bytes);
    std::vector<ByteBuffer> pieces(1, unwanted);
    const Batch batch(std::move(pieces));
    while (bytes > 0) {
      unwanted->resize(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kPipe_bytes)));
      const std::size_t count = co_await read(batch, 0);
      if (count == 0) co_return false;
      bytes -= count;
    }
    co_return true;
  }

 private:
  std::shared_ptr<const NamedDescriptor> file_;
};

/// Where this descriptor stands in its file, and so how much is left of `size`.
std::uint64_t rest_of_file(int fd, std::uint64_t size) {
  const off_t position = ::lseek(fd, 0, SEEK_CUR);
  const std::uint64_t passed = position < 0 ? 0 : static_cast<std::uint64_t>(position);
  return size - std::min(size, passed);
}

std::unique_ptr<ByteInput> input_for(std::shared_ptr<const NamedDescriptor> file, rt::Workers& workers) {
  struct stat status {};
  if (::fstat(file->fd(), &status) != 0) throw cannot_open(file->name(), errno);
  if (S_ISDIR(status.st_mode))
    throw Error(ExitStatus::source, file->name() + " is a directory, not a recording");
  if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode))
    return std::make_unique<PipeInput>(std::move(file));
  if (::isatty(file->fd()) != 0)
    throw Error(ExitStatus::usage, file->name() + " is a terminal: give a file or a pipe with IQ samples");
  // Files that the kernel makes up have no size, nor have devices.
  std::optional<std::uint64_t> size;
  if (S_ISREG(status.st_mode) && status.st_size > 0)
    size = rest_of_file(file->fd(), static_cast<std::uint64_t>(status.st_size));
  return std::make_unique<DiskInput>(std::move(file), size, workers);
}

}  // namespace

rt::Task<std::unique_ptr<ByteInput>> open_bytes(std::string path, rt::Workers& workers) {
  auto open_it = [path] {
    // Without O_NONBLOCK, a named pipe keeps the caller waiting for a writer.
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) throw cannot_open(printable(path), errno);
    return std::make_shared<const NamedDescriptor>(std::move(fd), printable(path));
  };
  std::shared_ptr<const NamedDescriptor> file = co_await workers.call(std::move(open_it));
  co_return input_for(std::move(file), workers);
}

std::unique_ptr<ByteInput> standard_input_bytes(rt::Workers& workers) {
  return input_for(std::make_shared<const NamedDescriptor>(STDIN_FILENO, "standard input"), workers);
}

}  // namespace fmrx::source
