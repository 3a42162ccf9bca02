// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/pipe_input.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "rt/descriptor.hpp"

namespace fmrx::source {

/// A pipe holds no more on Linux unless asked to.
std::size_t PipeInput::most_at_once() const {
  return std::size_t{64} << 10;
}

rt::Task<std::size_t> PipeInput::read(Buffer buffer, std::size_t from) {
  for (;;) {
    co_await rt::readable(file()->fd());
    const ssize_t count = ::read(file()->fd(), buffer->data() + from, buffer->size() - from);
    if (count >= 0) co_return static_cast<std::size_t>(count);
    // Somebody else may have taken it, or set O_NONBLOCK.
    if (errno != EAGAIN && errno != EINTR) throw file()->cannot_read(errno);
  }
}

rt::Task<bool> PipeInput::skip_unread(std::uint64_t bytes) {
  const Buffer unwanted = take_buffer(most_at_once());
  while (bytes > 0) {
    unwanted->resize(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, most_at_once())));
    const std::size_t count = co_await read(unwanted, 0);
    if (count == 0) co_return false;
    bytes -= count;
  }
  co_return true;
}

}  // namespace fmrx::source
