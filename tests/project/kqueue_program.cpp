// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// A program of every part of the runtime that the system's poller serves.
// packaging/check-kqueue.sh links it for systems that have kqueue.
#include <unistd.h>

#include <chrono>

#include "rt/bridge.hpp"
#include "rt/channel.hpp"
#include "rt/descriptor.hpp"
#include "rt/event_loop.hpp"
#include "rt/run.hpp"
#include "rt/scope.hpp"
#include "rt/signals.hpp"
#include "rt/sleep.hpp"
#include "rt/task.hpp"
#include "rt/workers.hpp"

namespace {

using namespace fmrx::rt;

Task<void> count(Channel<int>& numbers) {
  for (int i = 0; i < 3; ++i) {
    co_await sleep_for(std::chrono::milliseconds(1));
    co_await numbers.push(i);
  }
  numbers.close();
}

Task<int> sum() {
  Channel<int> numbers(1);
  Scope scope;
  scope.spawn(count(numbers));
  int total = 0;
  for (;;) {
    const auto number = co_await numbers.pop();
    if (!number) break;
    total += *number;
  }
  co_await scope.join();
  co_return total;
}

}  // namespace

int main() {
  EventLoop loop;
  return run(loop, sum()) == 3 ? 0 : 1;
}
