// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace fmrx::app {

/// The bytes of a file, a pipe or standard input, as they come. Blocks.
class InputBytes {
 public:
  /// `path`: `-` is standard input. Throws fmrx::Error where it cannot be opened.
  explicit InputBytes(const std::string& path);

  /// The next bytes, as many as there are now; none at the end. Throws fmrx::Error where they cannot be read.
  std::size_t read(std::span<char> to);
  /// The same; valid until the next call.
  std::span<const char> next();
  /// These come first again.
  void put_back(std::vector<char> bytes);

  /// Of a regular file, which can be read from any place on; otherwise -1.
  [[nodiscard]] int seekable_fd() const { return is_regular_ ? fd_ : -1; }

 private:
  std::string path_;
  UniqueFd owned_;
  int fd_;
  bool is_regular_ = false;
  std::vector<char> put_back_;
  std::size_t taken_back_ = 0;  ///< so many of put_back_ have come again
  std::vector<char> chunk_;
};

}  // namespace fmrx::app
