// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rt/event_loop.hpp"
#include "rt/run.hpp"
#include "rt/task.hpp"
#include "support/poller_simulated.hpp"

namespace fmrx::rt {

using Log = std::vector<std::string>;

/// Writes its name into a log when it is destroyed; one that was moved from writes nothing.
class Witness {
 public:
  Witness(Log& log, std::string name) : log_(&log), name_(std::move(name)) {}
  Witness(Witness&& other) noexcept
      : log_(std::exchange(other.log_, nullptr)), name_(std::move(other.name_)) {}
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  Witness& operator=(Witness&&) = delete;
  ~Witness() {
    if (log_ != nullptr) log_->push_back(name_);
  }

 private:
  Log* log_;
  std::string name_;
};

/// Runs `task` in virtual time; the seed orders what happens at one moment.
template <class T>
T simulate(Task<T> task, std::uint64_t seed = 0) {
  EventLoop loop(std::make_shared<SimulatedPoller>(seed));
  return run(loop, std::move(task));
}

}  // namespace fmrx::rt
