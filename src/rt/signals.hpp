// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <initializer_list>
#include <vector>

#include "base/unique_fd.hpp"
#include "rt/task.hpp"

namespace fmrx::rt {

/// Receives signals on the loop, through a pipe that the handler writes to. One object a
/// process at a time; the former handlers come back when it goes.
class Signals {
 public:
  explicit Signals(std::initializer_list<int> signals);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();

  /// The next signal's number, in order of arrival.
  [[nodiscard]] Task<int> next();

 private:
  struct Former;

  UniqueFd read_end_;
  UniqueFd write_end_;
  std::vector<Former> former_;
};

}  // namespace fmrx::rt
