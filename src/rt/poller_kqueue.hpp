// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/event.h>
#include <sys/types.h>  // before sys/event.h, as FreeBSD wants it

#include <array>
#include <cstddef>
#include <vector>

#include "base/unique_fd.hpp"
#include "rt/poller.hpp"

namespace fmrx::rt {

/// Poller on the kqueue of macOS and the BSDs, with a pipe to wake it. Of kqueue it uses only
/// what behaves alike on all of them: one-shot read and write filters and kevent()'s timeout.
class KqueuePoller final : public Poller {
 public:
  KqueuePoller();

  TimePoint now() override;
  bool arm(int fd, Direction direction) override;
  void disarm(int fd, Direction direction) noexcept override;
  std::span<const FdEvent> wait(std::optional<TimePoint> deadline) override;
  void wake() noexcept override;

 private:
  static constexpr std::size_t kBatch = 64;

  void drain_wake_pipe() noexcept;

  UniqueFd kqueue_;
  UniqueFd wake_read_end_;
  UniqueFd wake_write_end_;
  std::array<struct kevent, kBatch> happened_{};
  std::vector<FdEvent> ready_;
};

}  // namespace fmrx::rt
