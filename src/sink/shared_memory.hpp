// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include "base/unique_fd.hpp"

namespace fmrx::sink {

/// Memory that another process may map, too. It begins as zeros.
class SharedMemory {
 public:
  /// Throws std::system_error.
  explicit SharedMemory(std::size_t bytes);
  /// That of the process which has handed over `descriptor`. Throws std::system_error, also if
  /// its size is another.
  SharedMemory(int descriptor, std::size_t bytes);
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory();

  [[nodiscard]] void* data() const { return data_; }
  /// To be handed over to the other process.
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

 private:
  void map();

  UniqueFd descriptor_;
  std::size_t bytes_;
  void* data_ = nullptr;
};

}  // namespace fmrx::sink
