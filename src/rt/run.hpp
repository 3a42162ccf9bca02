// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cassert>
#include <utility>

#include "rt/event_loop.hpp"
#include "rt/task.hpp"

namespace fmrx::rt {

/// Runs `main` on `loop` to its end and returns or throws what it does.
template <class T>
T run(EventLoop& loop, Task<T> main) {
  assert(&loop == &EventLoop::current());
  auto awaiter = std::move(main).operator co_await();
  if (awaiter.start()) loop.run_until_woken(awaiter.continue_with(std::noop_coroutine()));
  return awaiter.await_resume();
}

}  // namespace fmrx::rt
