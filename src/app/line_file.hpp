// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace fmrx::app {

/// Where lines of text go: a file, to whose end they are added, a pipe, standard output or another
/// open descriptor. Blocks.
class LineFile {
 public:
  /// `target`: a path, `-` for standard output, or `fd:N`. Throws fmrx::Error where it cannot be written.
  explicit LineFile(const std::string& target);

  enum class Outcome {
    written,
    reader_gone,  ///< it has closed its end
    gave_up,      ///< it took nothing, and `give_up` was set
  };

  /// Throws fmrx::Error where the text cannot be written, such as on a full disk.
  Outcome write(std::string_view text, const std::atomic<bool>& give_up);

  [[nodiscard]] bool is_terminal() const;
  /// What the user would call it.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  void open_path(const std::string& path);

  std::string name_;
  UniqueFd owned_;
  int fd_ = -1;
};

/// The descriptor that `fd:N` and `-` (1) name; -1 for a path.
[[nodiscard]] int descriptor_of(std::string_view target);

/// Throws fmrx::Error where `target` names a descriptor that is not open for writing. To be asked before
/// the program opens descriptors of its own.
void require_open(const std::string& target);

}  // namespace fmrx::app
