// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/unique_fd.hpp"

namespace fmrx::test {

/// Points standard error at another descriptor for as long as it lives.
class RedirectedStderr {
 public:
  explicit RedirectedStderr(int target) : saved_(::dup(STDERR_FILENO)) { ::dup2(target, STDERR_FILENO); }
  ~RedirectedStderr() { ::dup2(saved_.get(), STDERR_FILENO); }
  RedirectedStderr(const RedirectedStderr&) = delete;
  RedirectedStderr& operator=(const RedirectedStderr&) = delete;

 private:
  UniqueFd saved_;
};

/// All that was written to standard error while `body` ran.
template <class Body>
std::string stderr_of(Body body) {
  std::FILE* const file = std::tmpfile();
  {
    const RedirectedStderr redirected(::fileno(file));
    body();
  }
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

}  // namespace fmrx::test
