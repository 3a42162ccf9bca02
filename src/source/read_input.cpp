// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/read_input.hpp"

#include <algorithm>

namespace fmrx::source {

rt::Task<std::vector<std::byte>> ReadInput::look_at(std::size_t count) {
  while (ahead_.size() < count) {
    const auto more = std::make_shared<std::vector<std::byte>>(count - ahead_.size());
    const std::size_t got = co_await read(more, 0);
    if (got == 0) break;
    ahead_.insert(ahead_.end(), more->begin(), more->begin() + static_cast<std::ptrdiff_t>(got));
  }
  const std::size_t seen = std::min(count, ahead_.size());
  co_return std::vector<std::byte>(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(seen));
}

rt::Task<bool> ReadInput::skip(std::uint64_t bytes) {
  const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, ahead_.size()));
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(known));
  if (known == bytes) co_return true;
  co_return co_await skip_unread(bytes - known);
}

rt::Task<SharedBytes> ReadInput::next(std::size_t bytes, std::size_t unit) {
  for (;;) {
    const std::size_t from = ahead_.size();
    // A header that was looked at can be longer.
    const Buffer buffer = take_buffer(std::max(bytes, from + unit));
    std::ranges::copy(ahead_, buffer->begin());
    ahead_.clear();
    const std::size_t got = co_await read(buffer, from);
    const std::size_t end = from + got;
    const std::size_t whole = got == 0 ? end : end - end % unit;
    ahead_.assign(buffer->begin() + static_cast<std::ptrdiff_t>(whole),
                  buffer->begin() + static_cast<std::ptrdiff_t>(end));
    buffer->resize(whole);
    if (whole > 0 || got == 0) co_return SharedBytes(buffer);
  }
}

}  // namespace fmrx::source
