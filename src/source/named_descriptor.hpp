// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace fmrx::source {

/// A descriptor with its name. Shared with the workers: whoever awaits them may be gone
/// before they have read.
class NamedDescriptor {
 public:
  NamedDescriptor(UniqueFd owned, std::string name)
      : owned_(std::move(owned)), fd_(owned_.get()), name_(std::move(name)) {}
  NamedDescriptor(int borrowed_fd, std::string name) : fd_(borrowed_fd), name_(std::move(name)) {}

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  [[nodiscard]] Error cannot_read(int error) const {
    return Error(ExitStatus::source, "cannot read " + name_ + ": " + std::generic_category().message(error));
  }

 private:
  UniqueFd owned_;
  int fd_;
  std::string name_;
};

}  // namespace fmrx::source
