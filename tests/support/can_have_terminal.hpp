// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <fcntl.h>

#include <cstdlib>

#include "base/unique_fd.hpp"
#include "support/catch2.hpp"

namespace fmrx::test {

/// False, and says so, where there are no pseudo-terminals: a bare chroot without /dev/pts.
inline bool can_have_terminal() {
  const UniqueFd terminal(::posix_openpt(O_RDWR | O_NOCTTY));
  const bool can = terminal && ::grantpt(terminal.get()) == 0;
  if (!can) WARN("skipped: this system gives no pseudo-terminals");
  return can;
}

}  // namespace fmrx::test
