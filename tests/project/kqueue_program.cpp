// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The smallest program that needs the system's poller. packaging/check-kqueue.sh links it for
// systems that have kqueue.
#include "rt/poller.hpp"

int main() {
  const auto poller = fmrx::rt::make_poller();
  return static_cast<int>(poller->wait(poller->now()).size());
}
