// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/epoll.h>

#include <array>
#include <vector>

#include "base/unique_fd.hpp"
#include "rt/poller.hpp"

namespace fmrx::rt {

/// Poller on Linux's epoll, with an eventfd to wake it.
class EpollPoller final : public Poller {
 public:
  EpollPoller();

  TimePoint now() override;
  bool arm(int fd, Direction direction) override;
  void disarm(int fd, Direction direction) noexcept override;
  std::span<const FdEvent> wait(std::optional<TimePoint> deadline) override;
  void wake() noexcept override;

 private:
  struct Interest {
    std::uint32_t armed = 0;  ///< EPOLLIN, EPOLLOUT
    bool known = false;       ///< epoll has an entry for it, perhaps a disabled one
  };

  static constexpr std::size_t kBatch = 64;

  bool set_interest(int fd, Interest& interest, std::uint32_t armed);
  void report(int fd, std::uint32_t happened);

  UniqueFd epoll_;
  UniqueFd wake_;
  std::vector<Interest> interests_;  ///< by descriptor
  std::array<epoll_event, kBatch> happened_{};
  std::vector<FdEvent> ready_;
};

}  // namespace fmrx::rt
