// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/disk_input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "rt/sleep.hpp"

namespace fmrx::source {

namespace {

/// Large, so that a worker's way to and fro counts for little, and small enough that what was read
/// is still in the processor's cache when it is used.
constexpr std::size_t kRead_bytes = std::size_t{256} << 10;

/// Where the file stands; nothing where it stands nowhere.
std::optional<std::uint64_t> position_of(int fd) {
  const off_t position = ::lseek(fd, 0, SEEK_CUR);
  if (position < 0) return std::nullopt;
  return static_cast<std::uint64_t>(position);
}

std::uint64_t length_of(const NamedDescriptor& file) {
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) throw file.cannot_read(errno);
  return static_cast<std::uint64_t>(status.st_size);
}

/// What the page cache has; EAGAIN where that is nothing. Not every system and file system can do
/// that, and then it fails, too.
ssize_t read_cached(int fd, std::byte* to, std::size_t size) {
#ifdef RWF_NOWAIT
  const iovec vector{to, size};
  return ::preadv2(fd, &vector, 1, -1, RWF_NOWAIT);
#else
  static_cast<void>(fd), static_cast<void>(to), static_cast<void>(size);
  return -1;
#endif
}

/// Blocks until the buffer is full or the file ends.
std::size_t read_fully(const NamedDescriptor& file, std::byte* to, std::size_t size) {
  std::size_t total = 0;
  while (total < size) {
    const ssize_t count = ::read(file.fd(), to + total, size - total);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw file.cannot_read(errno);
    if (count == 0) break;
    total += static_cast<std::size_t>(count);
  }
  return total;
}

}  // namespace

DiskInput::DiskInput(std::shared_ptr<const NamedDescriptor> file, std::optional<std::uint64_t> end,
                     rt::Workers& workers)
    : ReadInput(std::move(file)), end_(end), workers_(workers) {
  if (end) size_ = *end - std::min(*end, position_of(this->file()->fd()).value_or(0));
}

std::size_t DiskInput::most_at_once() const {
  return kRead_bytes;
}

/// What is in the page cache needs no disk: taken here, it costs no threads' switching and comes into
/// this core's cache.
rt::Task<std::size_t> DiskInput::read(Buffer buffer, std::size_t from) {
  const ssize_t cached = read_cached(file()->fd(), buffer->data() + from, buffer->size() - from);
  std::size_t taken = 0;
  if (cached > 0) {
    // Nobody else gets a turn while there is always something cached.
    co_await rt::yield();
    taken = static_cast<std::size_t>(cached);
  }
  const std::size_t filled = from + taken;
  if (filled == buffer->size()) co_return taken;
  auto fill = [file = file(), buffer, filled] {
    return read_fully(*file, buffer->data() + filled, buffer->size() - filled);
  };
  co_return taken + co_await workers_.call(std::move(fill));
}

rt::Task<bool> DiskInput::skip_unread(std::uint64_t bytes) {
  // The caller knows the size and asks for no more than there is.
  if (::lseek(file()->fd(), static_cast<off_t>(bytes), SEEK_CUR) < 0) throw file()->cannot_read(errno);
  co_return true;
}

rt::Task<void> DiskInput::finish() {
  if (!end_) co_return;
  auto ask = [file = file()] { return length_of(*file); };
  const std::uint64_t length = co_await workers_.call(std::move(ask));
  if (length < *end_) throw Error(ExitStatus::source, name() + " has become shorter while it was read");
}

}  // namespace fmrx::source
