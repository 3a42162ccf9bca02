// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "rt/doorbell.hpp"
#include "rt/event_loop.hpp"
#include "rt/foreign_awaiter.hpp"

namespace fmrx::rt {

/// A thread beside the loop, for a library that blocks. Its end can be awaited, with a
/// timeout. One that has not ended when its owner goes is left behind, since nothing can
/// end it: it must own all it touches, and the program must then leave by _exit().
class ForeignThread {
 public:
  /// What the program owes a thread that was left behind.
  enum class AtExit {
    forget,    ///< nothing: it may hang for ever
    wait_for,  ///< that it may finish: it has a file to close
  };

  explicit ForeignThread(std::function<void()> body, AtExit at_exit = AtExit::forget);
  ForeignThread(const ForeignThread&) = delete;
  ForeignThread& operator=(const ForeignThread&) = delete;
  ~ForeignThread();

  [[nodiscard]] bool ended() const noexcept { return state_->ended.load(); }

  /// Blocks until it has ended: for a thread that is known to be at its end.
  void join() { thread_.join(); }

  class EndAwaiter final : public ForeignAwaiter {
   public:
    explicit EndAwaiter(const ForeignThread& thread) noexcept : thread_(thread) {}
    [[nodiscard]] bool ready() const noexcept override { return thread_.ended(); }
    void await_resume() const noexcept {}

   private:
    const ForeignThread& thread_;
  };

  /// co_await returns when the thread's body has.
  [[nodiscard]] EndAwaiter end() const noexcept { return EndAwaiter(*this); }

  /// How many threads of this process have been left behind and still run.
  [[nodiscard]] static int left_behind() noexcept;

  /// How many of them the program should wait for before it leaves.
  [[nodiscard]] static int unfinished() noexcept;

 private:
  struct State {
    explicit State(AtExit what) : at_exit(what) {}

    const AtExit at_exit;
    std::atomic<bool> ended{false};
    std::atomic<bool> left_behind{false};
  };

  static void count_left_behind(const State& state, int change) noexcept;

  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace fmrx::rt
