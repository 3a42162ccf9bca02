// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/input_bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/printable.hpp"

namespace fmrx::app {

namespace {

constexpr std::size_t kChunk = 1 << 16;

[[noreturn]] void cannot_read(const std::string& path) {
  throw Error(ExitStatus::source, "cannot read " + printable(path) + ": " + std::strerror(errno));
}

}  // namespace

InputBytes::InputBytes(const std::string& path) : path_(path), fd_(STDIN_FILENO), chunk_(kChunk) {
  if (path != "-") {
    owned_.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!owned_) cannot_read(path);
    fd_ = owned_.get();
  }
  struct stat status {};
  is_regular_ = ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
}

std::size_t InputBytes::read(std::span<char> to) {
  if (taken_back_ < put_back_.size()) {
    const std::size_t count = std::min(to.size(), put_back_.size() - taken_back_);
    std::copy_n(put_back_.begin() + static_cast<std::ptrdiff_t>(taken_back_), count, to.begin());
    taken_back_ += count;
    return count;
  }
  for (;;) {
    const ssize_t count = ::read(fd_, to.data(), to.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) cannot_read(path_);
  }
}

std::span<const char> InputBytes::next() {
  return std::span(chunk_).first(read(chunk_));
}

void InputBytes::put_back(std::vector<char> bytes) {
  bytes.insert(bytes.end(), put_back_.begin() + static_cast<std::ptrdiff_t>(taken_back_), put_back_.end());
  put_back_ = std::move(bytes);
  taken_back_ = 0;
}

}  // namespace fmrx::app
