// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "rt/task.hpp"
#include "source/source.hpp"

namespace fmrx::test {

using Bytes = std::vector<std::byte>;

/// All that a source has, to its end.
inline rt::Task<Bytes> read_all(source::Source& source) {
  Bytes all;
  rt::AsyncGenerator<source::IqBlock> stream = source.stream();
  for (;;) {
    source::IqBlock* const block = co_await stream.next();
    if (block == nullptr) break;
    const IqView view = block->view();
    all.insert(all.end(), view.bytes.begin(), view.bytes.end());
  }
  co_return all;
}

inline rt::Task<Bytes> open_and_read_all(rt::Task<std::unique_ptr<source::Source>> opening) {
  const std::unique_ptr<source::Source> source = co_await std::move(opening);
  co_return co_await read_all(*source);
}

/// Bytes of which no two stretches are alike.
inline Bytes noise_bytes(std::size_t count) {
  Bytes bytes(count);
  std::uint32_t state = 1;
  for (std::byte& byte : bytes) {
    state = state * 1664525U + 1013904223U;  // Numerical Recipes' generator
    byte = static_cast<std::byte>(state >> 24U);
  }
  return bytes;
}

inline void write_file(const std::string& path, std::span<const std::byte> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

/// Points standard input at another descriptor for as long as it lives.
class RedirectedStdin {
 public:
  explicit RedirectedStdin(int target) : saved_(::dup(STDIN_FILENO)) { ::dup2(target, STDIN_FILENO); }
  RedirectedStdin(const RedirectedStdin&) = delete;
  RedirectedStdin& operator=(const RedirectedStdin&) = delete;
  ~RedirectedStdin() { ::dup2(saved_.get(), STDIN_FILENO); }

 private:
  UniqueFd saved_;
};

/// The Error that `body` throws.
template <class Body>
Error error_of(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  return Error(ExitStatus::done, "nothing was thrown");
}

}  // namespace fmrx::test
