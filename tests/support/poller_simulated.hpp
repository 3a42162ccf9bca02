// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "base/unique_fd.hpp"
#include "rt/poller.hpp"

namespace fmrx::rt {

/// Poller with virtual time, for tests. The clock stands still while anything can run and
/// jumps to the deadline when nothing can, so that a day of sleeping takes no time. Real
/// descriptors work. What becomes ready at one moment (timers, descriptors) runs in an order
/// that the seed decides; seed 0 leaves it as it is.
///
/// Time does not wait for real threads: with one at work, await it without a timeout.
class SimulatedPoller final : public Poller {
 public:
  explicit SimulatedPoller(std::uint64_t seed = 0);

  TimePoint now() override { return now_; }

  /// So much time goes by in which no coroutine runs: the program is busy, or stopped.
  void stand_still(Duration time) { now_ += time; }

  bool arm(int fd, Direction direction) override;
  void disarm(int fd, Direction direction) noexcept override;

  /// Without a deadline it waits in real time. Throws std::logic_error after a minute of that:
  /// nothing is left that could wake the loop.
  std::span<const FdEvent> wait(std::optional<TimePoint> deadline) override;
  void wake() noexcept override;
  void arrange(List<Waiter>& woken) override;

 private:
  struct Armed {
    int fd;
    Direction direction;
  };

  /// True: some descriptor is ready or wake() was called.
  bool look(int timeout_ms);

  TimePoint now_{};
  std::uint64_t seed_;
  std::mt19937_64 random_;
  UniqueFd wake_read_end_;
  UniqueFd wake_write_end_;
  std::vector<Armed> armed_;
  std::vector<FdEvent> ready_;
};

}  // namespace fmrx::rt
