// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "rt/waiter.hpp"

namespace fmrx::rt {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

enum class Direction : std::uint8_t { read, write };

/// A descriptor that became ready in one direction (or failed: the next read or write tells).
struct FdEvent {
  int fd;
  Direction direction;
};

/// The runtime's only seam to the operating system: descriptors, time and sleeping.
/// All but wake() belong to the loop's thread. tests/rt/poller_contract.hpp says what
/// every backend must do.
class Poller {
 public:
  Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  virtual ~Poller() = default;

  [[nodiscard]] virtual TimePoint now() = 0;

  /// Reports `fd` once when it is ready in that direction. False: this kind of descriptor
  /// cannot be waited for, because it is always ready (a regular file).
  /// Throws std::system_error for a descriptor that is not open.
  [[nodiscard]] virtual bool arm(int fd, Direction direction) = 0;

  /// Takes arm() back, also where it was not armed. Needed before the descriptor is closed.
  virtual void disarm(int fd, Direction direction) noexcept = 0;

  /// Sleeps until something is ready, wake() was called, or the deadline (none: for ever) has
  /// passed. May return early with nothing. What it returns is valid until the next call.
  virtual std::span<const FdEvent> wait(std::optional<TimePoint> deadline) = 0;

  /// Ends the present wait(), or else the next one. From any thread.
  virtual void wake() noexcept = 0;

  /// What became ready at one moment, in the order in which it is about to run. A simulation
  /// tries others.
  virtual void arrange(List<Waiter>& /*woken*/) {}
};

/// This system's backend: epoll on Linux, kqueue elsewhere.
[[nodiscard]] std::unique_ptr<Poller> make_poller();

}  // namespace fmrx::rt
