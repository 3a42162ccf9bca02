// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <coroutine>

#include "rt/doorbell.hpp"
#include "rt/event_loop.hpp"

namespace fmrx::rt {

/// Waits until ready(), which a foreign thread makes true and then rings the doorbell.
/// Awaiters derive from it and add what they give.
class ForeignAwaiter : public ForeignWaiter {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return ready(); }
  void await_suspend(std::coroutine_handle<> caller) noexcept {
    waiter().coroutine = caller;
    EventLoop::current().park(*this);
  }
};

}  // namespace fmrx::rt
