// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fmrx::cli {

/// A command that is run without a shell: words, in which {fields} are filled in.
class HookCommand {
 public:
  /// Words are split at blanks; '...' and "..." keep blanks together. `fields` are the names that
  /// may stand in braces. Throws fmrx::Error (usage).
  HookCommand(std::string_view text, const std::vector<std::string_view>& fields);

  using Values = std::map<std::string, std::string, std::less<>>;

  /// The program and its arguments. If the command names no field, the value of `otherwise` is
  /// one argument more.
  [[nodiscard]] std::vector<std::string> words(const Values& values, std::string_view otherwise) const;

 private:
  std::vector<std::string> words_;
  bool has_fields_ = false;
};

/// What --on-file and --on-event know.
inline const std::vector<std::string_view> kFileFields{"path", "start", "end", "frames", "status"};
inline const std::vector<std::string_view> kEventFields{"event", "text", "time"};

/// Runs commands one after the other on a thread of its own, so that nothing waits for them. Their
/// input is empty, their output goes to standard error. What comes while many
/// wait is dropped, and said.
class HookRunner {
 public:
  HookRunner();
  HookRunner(const HookRunner&) = delete;
  HookRunner& operator=(const HookRunner&) = delete;
  /// Gives them 10 s; then the one that runs is left to itself and the others are dropped.
  ~HookRunner();

  /// From any thread.
  void run(std::vector<std::string> words);

 private:
  struct State;

  std::shared_ptr<State> state_;  ///< the thread's, too, which may outlive this
  std::thread thread_;            ///< started by the first command
};

}  // namespace fmrx::cli
