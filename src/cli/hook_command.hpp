// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
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

}  // namespace fmrx::cli
