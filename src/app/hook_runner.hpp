// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace fmrx::app {

/// Runs commands one after the other on a thread of its own, so that nothing waits for them. Their
/// input is empty, their output goes to standard error. What comes while many
/// wait is dropped, and said.
class HookRunner {
 public:
  HookRunner();
  HookRunner(const HookRunner&) = delete;
  HookRunner& operator=(const HookRunner&) = delete;
  /// Finishes; then the one that still runs is left to itself and the others are dropped.
  ~HookRunner();

  /// From any thread.
  void run(std::vector<std::string> words);
  /// Blocks until all have run, but no longer than 10 s after the first call. From any thread.
  void finish();

 private:
  struct State;

  std::shared_ptr<State> state_;  ///< the thread's, too, which may outlive this
  std::thread thread_;            ///< started by the first command
};

}  // namespace fmrx::app
