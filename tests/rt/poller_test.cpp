// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/poller.hpp"

#include <memory>

#if defined(__linux__)
#include "rt/poller_epoll.hpp"
#endif
#include "rt/poller_contract.hpp"
#include "rt/poller_kqueue.hpp"
#include "support/catch2.hpp"
#include "support/poller_simulated.hpp"

namespace fmrx::rt {

#if defined(__linux__)
TEST_CASE("poller: epoll keeps the contract") {
  check_poller_contract([] { return std::make_unique<EpollPoller>(); });
}
#endif

TEST_CASE("poller: kqueue keeps the contract") {
  check_poller_contract([] { return std::make_unique<KqueuePoller>(); });
}

TEST_CASE("poller: the simulation keeps the contract, in any order") {
  const auto seed = GENERATE(0U, 7U);
  check_poller_contract([seed] { return std::make_unique<SimulatedPoller>(seed); });
}

}  // namespace fmrx::rt
