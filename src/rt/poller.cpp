// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/poller.hpp"

#if defined(__linux__)
#include "rt/poller_epoll.hpp"
#else
#include "rt/poller_kqueue.hpp"
#endif

namespace fmrx::rt {

std::unique_ptr<Poller> make_poller() {
#if defined(__linux__)
  return std::make_unique<EpollPoller>();
#else
  return std::make_unique<KqueuePoller>();
#endif
}

}  // namespace fmrx::rt
